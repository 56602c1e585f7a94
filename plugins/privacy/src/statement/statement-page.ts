import { locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import { type Reader, readers } from './readers.js';
import type { Statement, StatementPart, StatementPurpose } from './statement.js';

type Language = 'nl' | 'en' | 'fr';
type Versions = { number: number; since: string | Date; changes: { kind: string; name: string }[] }[];

/** `/privacy`: what the portal keeps about people, for each kind of reader. For everybody, also without signing in. */
@customElement('privacy-statement-page')
export class StatementPage extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      .readers {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        padding: 0;
        list-style: none;
      }
      .text li {
        margin-bottom: var(--il-space-2);
      }
      .text {
        max-width: 68ch;
        padding-inline-start: 1.25em;
      }
      .child {
        font-size: 1.25rem;
        line-height: 1.7;
      }
      .part {
        margin-top: var(--il-space-4);
      }
      td {
        vertical-align: top;
      }
    `,
  ];

  /** The one whose statement is shown; null until one is chosen. */
  @state() private chosen: Reader | null = readerInAddress();

  readonly #statement = new Task(this, {
    task: ([reader, language], { signal }) => privacy.get('/statement', { query: { reader, language }, signal }),
    args: () => [this.reader, locale().slice(0, 2) as Language] as const,
  });

  /** The chosen reader; otherwise the one who is signed in, and an adult without a session. */
  get reader(): Reader {
    if (this.chosen !== null) return this.chosen;
    if (this.session?.roles.some(({ role }) => role === 'pupil') !== true) return 'teacher';
    return this.session.ageBand === '6-9' ? 'child' : 'pupil';
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('statement.title')}>
          <p>${this.t('statement.lead')}</p>
          <wa-button slot="actions" class="no-print" appearance="outlined" @click=${() => print()}>
            <il-icon slot="start" name="printer"></il-icon>${this.t('statement.print')}
          </wa-button>
        </il-page-head>
        <nav aria-label=${this.t('statement.for')}>
          <ul class="readers">
            ${readers.map(
              (reader) => html`<li>
                <wa-button
                  appearance=${reader === this.reader ? 'filled' : 'outlined'}
                  aria-pressed=${reader === this.reader}
                  @click=${() => this.#choose(reader)}
                  >${this.t(`statement.readerNames.${reader}`)}</wa-button
                >
              </li>`,
            )}
          </ul>
        </nav>
        ${this.#statement.render({
          pending: () => html`<il-skeleton lines="12"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#statement.run()}></il-problem>`,
          complete: (statement) => this.#complete(statement),
        })}
      </div>
    `;
  }

  #choose(reader: Reader) {
    this.chosen = reader;
    const address = new URL(location.href);
    address.searchParams.set('lezer', reader);
    history.replaceState(history.state, '', address);
  }

  #complete({ sections, purposes, parts, versions }: Statement & { versions: Versions }) {
    return html`<div class="stack ${this.reader}" aria-live="polite">
        ${sections.map(
          ({ heading, lines }) => html`<section class="stack">
            <h2>${heading}</h2>
            <ul class="text">
              ${lines.map((line) => html`<li>${line}</li>`)}
            </ul>
          </section>`,
        )}
        ${this.session ? html`<p><a href="/mijn-gegevens">${this.t('own.title')}</a></p>` : nothing}
      </div>
      ${purposes.length === 0 ? nothing : this.#purposes(purposes)}
      ${
        parts.length === 0
          ? nothing
          : html`<section class="stack">
              <h2>${this.t('statement.keptTitle')}</h2>
              ${parts.map((part) => this.#part(part))}
            </section>`
      }
      ${this.#versions(versions)}`;
  }

  #purposes(purposes: readonly StatementPurpose[]) {
    const columns = ['controller', 'basis', 'recipients', 'transfers'] as const;
    const label = (column: string) => this.t(`processing.columns.${column}`);
    return html`<section class="stack">
      <h2>${this.t('statement.purposesTitle')}</h2>
      ${purposes.map(
        (purpose) => html`<div class="part">
          <h3>${purpose.name}</h3>
          <p>${purpose.why}</p>
          <table class="stacked">
            <tbody>
              ${columns.map((column) => {
                const text = [purpose[column]].flat().join('; ');
                return text === '' ? nothing : html`<tr><th scope="row">${label(column)}</th><td>${text}</td></tr>`;
              })}
            </tbody>
          </table>
        </div>`,
      )}
    </section>`;
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

  #versions(versions: Versions) {
    const [latest] = versions;
    if (latest === undefined) return nothing;
    const day = (since: string | Date) => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(since));
    const changed = versions.filter(({ changes }) => changes.length > 0);
    return html`<section class="stack">
      <h2>${this.t('statement.versionsTitle')}</h2>
      <p>${this.t('statement.version', { number: latest.number, date: day(latest.since) })}</p>
      ${changed.map(
        ({ number, since, changes }) => html`<h3>${this.t('statement.version', { number, date: day(since) })}</h3>
          <ul class="text">
            ${changes.map(({ kind, name }) => html`<li>${this.t(`statement.changes.${kind}`, { name })}</li>`)}
          </ul>`,
      )}
    </section>`;
  }
}

/** `?lezer=child`. */
function readerInAddress(): Reader | null {
  const asked = new URLSearchParams(location.search).get('lezer');
  return readers.find((reader) => reader === asked) ?? null;
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-statement-page': StatementPage;
  }
}
