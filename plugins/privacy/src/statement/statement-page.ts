import { locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Language, StatementPart } from './statement.js';

const SHORT = ['school', 'needed', 'tools', 'hosts', 'log', 'deleted'] as const;
const RIGHTS = ['copy', 'wrong', 'month', 'complaint'] as const;

/** `/privacy`: what the portal keeps about people, why and how long, in plain words. For everybody, also without signing in. */
@customElement('privacy-statement-page')
export class StatementPage extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      li + li {
        margin-top: var(--il-space-2);
      }
      ul {
        max-width: 68ch;
        padding-inline-start: 1.25em;
      }
      .part {
        margin-top: var(--il-space-4);
      }
      td {
        vertical-align: top;
      }
    `,
  ];

  readonly #statement = new Task(this, {
    task: ([language], { signal }) => privacy.get('/statement', { query: { language }, signal }),
    args: () => [locale().slice(0, 2) as Language] as const,
  });

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('statement.title')}><p>${this.t('statement.lead')}</p></il-page-head>
        <section class="stack">
          <h2>${this.t('statement.shortTitle')}</h2>
          <ul>
            ${SHORT.map((each) => html`<li>${this.t(`statement.short.${each}`)}</li>`)}
          </ul>
        </section>
        <section class="stack">
          <h2>${this.t('statement.rightsTitle')}</h2>
          <ul>
            ${RIGHTS.map((each) => html`<li>${this.t(`statement.rights.${each}`)}</li>`)}
          </ul>
          ${this.session ? html`<p><a href="/mijn-gegevens">${this.t('own.title')}</a></p>` : nothing}
        </section>
        <section class="stack">
          <h2>${this.t('statement.keptTitle')}</h2>
          ${this.#statement.render({
            pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
            error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#statement.run()}></il-problem>`,
            complete: ({ parts }) => parts.map((part) => this.#part(part)),
          })}
        </section>
      </div>
    `;
  }

  #part({ title, kept }: StatementPart) {
    const label = (column: string) => this.t(`statement.columns.${column}`);
    return html`<div class="part">
      <h3>${title}</h3>
      <table class="stacked">
        <thead>
          <tr>
            ${['what', 'why', 'howLong'].map((column) => html`<th scope="col">${label(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${kept.map(
            ({ what, why, howLong }) => html`<tr>
              <th scope="row">${what}</th>
              <td data-label=${label('why')}>${why}</td>
              <td data-label=${label('howLong')}>${howLong}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-statement-page': StatementPage;
  }
}
