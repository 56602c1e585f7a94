import { locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../client.js';
import './processing-section.js';
import type { RegisterText } from './routes.js';

type Language = 'nl' | 'en' | 'fr';

/** `/beheer/privacy/register`: shows the record of processing activities and lets the user save it. */
@customElement('privacy-register-page')
export class RegisterPage extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      details {
        border-bottom: 1px solid var(--il-rule);
      }
      summary {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1) var(--il-space-3);
        align-items: baseline;
        min-height: var(--il-target);
        padding-block: var(--il-space-3);
        cursor: pointer;
      }
      summary::before {
        content: '+';
        width: 1ch;
        font-weight: 700;
      }
      details[open] summary::before {
        content: '–';
      }
      .activity {
        display: grid;
        gap: var(--il-space-2);
        padding-top: var(--il-space-4);
        border-top: 1px solid var(--il-rule);
      }
      dl {
        display: grid;
        grid-template-columns: 14rem minmax(0, 1fr);
        gap: var(--il-space-1) var(--il-space-4);
      }
      dt {
        color: var(--il-ink-soft);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .body {
        display: grid;
        gap: var(--il-space-3);
        padding: 0 0 var(--il-space-4) var(--il-space-5);
      }
      @media print {
        .activity {
          break-inside: avoid;
        }
      }
      @media (max-width: 40rem) {
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          margin-bottom: var(--il-space-2);
        }
        .body {
          padding-inline-start: 0;
        }
      }
    `,
  ];

  #register = new Task(this, {
    task: ([language], { signal }) => privacy.get('/register', { query: { language }, signal }),
    args: () => [locale().slice(0, 2) as Language] as const,
  });

  /** Parts that are closed would be missing on paper. */
  readonly #unfold = (): void => {
    for (const part of this.renderRoot.querySelectorAll('details:not([open])')) {
      part.toggleAttribute('open', true);
      addEventListener('afterprint', () => part.toggleAttribute('open', false), { once: true });
    }
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('beforeprint', this.#unfold);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('beforeprint', this.#unfold);
  }

  override render() {
    return html`
      <div class="page">
        ${this.#register.render({
          pending: () => html`${this.#head(this.t('register.title'))}<il-skeleton lines="8"></il-skeleton>`,
          error: (problem) => html`${this.#head(this.t('register.title'))}
            <il-problem .problem=${problem} @retry=${() => this.#register.run()}></il-problem>`,
          complete: (register) => this.#complete(register),
        })}
      </div>
    `;
  }

  #head(title: string, content: unknown = nothing) {
    return html`<il-page-head heading=${title} .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}>${content}</il-page-head>`;
  }

  #complete({ title, lead, columns, parts, measures }: RegisterText) {
    return html`
      ${this.#head(
        title,
        html`<p>${lead}</p>
          <wa-button slot="actions" appearance="outlined" href="/api/privacy/register/page?language=${locale().slice(0, 2)}" download="register.html">
            <il-icon slot="start" name="download"></il-icon>${this.t('register.download')}
          </wa-button>`,
      )}
      <privacy-processing-section></privacy-processing-section>
      <section class="stack">
        <h2>${this.t('register.byModule')}</h2>
        <div>${parts.map((part) => this.#part(part, columns))}</div>
      </section>
      <section class="stack">
        <h2>${measures.title}</h2>
        <ul>
          ${measures.lines.map((line) => html`<li>${line}</li>`)}
        </ul>
      </section>
    `;
  }

  #part({ id, version, title, facts, rows }: RegisterText['parts'][number], [, ...columns]: readonly string[]) {
    return html`<details>
      <summary>
        <h3>${title}</h3>
        <span class="muted small">${id} ${version} · ${this.t('register.activities', { count: rows.length })}</span>
      </summary>
      <div class="body">
        ${facts.map((fact) => html`<p class="muted small">${fact}</p>`)}
        ${rows.map(
          ([name, ...cells]) => html`<div class="activity">
            <h4>${name}</h4>
            <dl>
              ${cells.map((cell, index) => (cell === '' ? '' : html`<dt>${columns[index]}</dt><dd>${cell}</dd>`))}
            </dl>
          </div>`,
        )}
      </div>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-register-page': RegisterPage;
  }
}
