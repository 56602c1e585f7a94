import { locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { MatrixText } from './routes.js';

type Language = 'nl' | 'en' | 'fr';
type Role = MatrixText['roles'][number];

/** `/beheer/privacy/wie-ziet-wat`: which role may read which data about people. */
@customElement('privacy-matrix-page')
export class MatrixPage extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      .scroll {
        overflow-x: auto;
      }
      th[scope='col'] {
        vertical-align: bottom;
        min-width: 6rem;
      }
      th[scope='row'] {
        min-width: 14rem;
        font-weight: 400;
      }
      td.mark {
        text-align: center;
      }
      .where {
        display: block;
        font-weight: 400;
      }
    `,
  ];

  readonly #matrix = new Task(this, {
    task: ([language], { signal }) => privacy.get('/who-sees-what', { query: { language }, signal }),
    args: () => [locale().slice(0, 2) as Language] as const,
  });

  override render() {
    const back = { href: '/beheer/privacy', text: this.t('people.title') };
    return html`<div class="page">
      <il-page-head heading=${this.t('matrix.title')} .back=${back}><p>${this.t('matrix.lead')}</p></il-page-head>
      ${this.#matrix.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#matrix.run()}></il-problem>`,
        complete: ({ roles, modules }) => modules.map((module) => this.#module(module, roles)),
      })}
    </div>`;
  }

  #module({ title, reads, data }: MatrixText['modules'][number], roles: readonly Role[]) {
    const shown = roles.filter(({ id }) => reads.some((read) => read.roles.includes(id)));
    return html`<section class="stack">
      <h2>${title}</h2>
      ${reads.length === 0 ? nothing : this.#reads(title, reads, shown)}
      ${
        data.length === 0
          ? nothing
          : html`<details>
              <summary>${this.t('matrix.data')}</summary>
              <ul>
                ${data.map(({ what, tenants }) => html`<li>${what}: ${tenants}</li>`)}
              </ul>
            </details>`
      }
    </section>`;
  }

  #reads(title: string, reads: MatrixText['modules'][number]['reads'], roles: readonly Role[]) {
    return html`<div class="scroll" role="region" tabindex="0" aria-label=${title}>
      <table>
        <thead>
          <tr>
            <th scope="col">${this.t('matrix.what')}</th>
            ${roles.map(({ name, where }) => html`<th scope="col">${name}<span class="where muted small">${where}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${reads.map(
            ({ what, everyone, roles: may }) => html`<tr>
              <th scope="row">${what}</th>
              ${
                everyone === null
                  ? roles.map(({ id }) => html`<td class="mark">${may.includes(id) ? this.t('matrix.yes') : '–'}</td>`)
                  : html`<td colspan=${Math.max(1, roles.length)}>${this.t(`matrix.everyone.${everyone}`)}</td>`
              }
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-matrix-page': MatrixPage;
  }
}
