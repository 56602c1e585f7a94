import { announce, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Entry } from './routes.js';

/** Message keys of entries that are not from a plugin's route. */
const doings: [pattern: RegExp, key: string][] = [
  [/(^ilearn privacy |: )export$|^POST \/api\/kernel\/privacy\/export$/, 'export'],
  [/: export file$|^GET \/api\/kernel\/privacy\/export\/file$/, 'exportFile'],
  [/(^ilearn privacy |: )audit$/, 'audit'],
  [/(^ilearn privacy |: )erase$/, 'erase'],
  [/: erasable$/, 'erasable'],
  [/^GET \/api\/privacy\/people\/:id$/, 'person'],
  [/^DELETE \/api\/kernel\/session$/, 'signOut'],
  [/^PUT \/api\/kernel\/session\/language$/, 'language'],
];

/** Shows who saw or changed a person's data between two days. */
@customElement('privacy-audit-log')
export class AuditLog extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      td:first-child {
        white-space: nowrap;
      }
    `,
  ];

  @property() person = '';

  @state() private since = '';
  @state() private until = '';
  /** Entries from the pages after the first. */
  @state() private older: Entry[] = [];
  @state() private more = false;

  #first = new Task(this, {
    task: async ([, since, until], { signal }) => {
      const found = await this.#page({ since, until }, signal);
      this.older = [];
      this.more = found.more;
      return found.entries;
    },
    args: () => [this.person, this.since, this.until] as const,
  });

  #page({ since, until, before }: { since: string; until: string; before?: string }, signal?: AbortSignal) {
    const query = { since: startOf(since), until: startOf(until, 1), before };
    return privacy.get('/people/:id/audit', { params: { id: this.person }, query, signal });
  }

  async #olderThan(last: Entry): Promise<void> {
    try {
      const { entries, more } = await this.#page({ since: this.since, until: this.until, before: last.id });
      this.older = [...this.older, ...entries];
      this.more = more;
      announce(this.t('audit.added', { count: entries.length }));
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  override render() {
    const date = (label: string, value: string, set: (value: string) => void) => html`<wa-input
      type="date"
      .label=${this.t(label)}
      .value=${value}
      @change=${(event: Event) => set((event.target as HTMLInputElement).value)}
    ></wa-input>`;
    return html`
      <section class="stack" aria-labelledby="audit">
        <h2 id="audit">${this.t('audit.title')}</h2>
        <p>${this.t('audit.text')}</p>
        <div class="toolbar">
          ${date('audit.since', this.since, (value) => {
            this.since = value;
          })}
          ${date('audit.until', this.until, (value) => {
            this.until = value;
          })}
        </div>
        ${this.#first.render({
          pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#first.run()}></il-problem>`,
          complete: (entries) => this.#table([...entries, ...this.older]),
        })}
      </section>
    `;
  }

  #table(entries: readonly Entry[]) {
    const last = entries.at(-1);
    if (last === undefined) return html`<p class="muted">${this.t('audit.none')}</p>`;
    const label = (key: string) => this.t(`audit.${key}`);
    return html`
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">${label('when')}</th>
            <th scope="col">${label('who')}</th>
            <th scope="col">${label('what')}</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map(
            (entry) => html`<tr>
              <td data-label=${label('when')}>${formatDate(entry.at, 'time')}</td>
              <td data-label=${label('who')}>${this.#who(entry)}</td>
              <td data-label=${label('what')}>${this.#what(entry)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${
        this.more
          ? html`<div class="actions">
              <wa-button appearance="outlined" @click=${() => this.#olderThan(last)}>${this.t('audit.older')}</wa-button>
            </div>`
          : nothing
      }
    `;
  }

  #who({ by, name }: Entry): string {
    return name !== null && by !== 'self' ? name : this.t(`audit.by.${by}`);
  }

  #what({ plugin, route, summary }: Entry) {
    const doing = doings.find(([pattern]) => pattern.test(route))?.[1];
    if (doing !== undefined) return this.t(`audit.doings.${doing}`);
    const verb = this.t(`audit.verbs.${/^[A-Z]+ /.test(route) ? route.split(' ')[0] : 'other'}`);
    return html`${verb} <span class="muted">${plugin}: <span lang="en">${summary ?? route}</span></span>`;
  }
}

/** The start of a day in local time, or of the day `later` days after it. */
function startOf(day: string, later = 0): string | undefined {
  if (day === '') return undefined;
  const moment = new Date(`${day}T00:00`);
  moment.setDate(moment.getDate() + later);
  return moment.toISOString();
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-audit-log': AuditLog;
  }
}
