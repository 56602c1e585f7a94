import { announce, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import { type AuditDay, daysOf, type Folded } from './audit-days.js';
import type { Entry } from './routes.js';

const clock = new Intl.DateTimeFormat('nl-BE', { timeStyle: 'short' });

/** Shows who viewed or changed a person's data between two days, by day and by actor. */
@customElement('privacy-audit-log')
export class AuditLog extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .day {
        display: grid;
        gap: var(--il-space-2);
        padding-bottom: var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
      .acting {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 2fr);
        gap: var(--il-space-1) var(--il-space-5);
      }
      @media (max-width: 640px) {
        .acting {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      code {
        overflow-wrap: anywhere;
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
          complete: (entries) => this.#days([...entries, ...this.older]),
        })}
      </section>
    `;
  }

  #days(entries: readonly Entry[]) {
    const last = entries.at(-1);
    if (last === undefined) return html`<p class="muted">${this.t('audit.none')}</p>`;
    return html`
      ${daysOf(entries, (entry) => this.#who(entry)).map((day) => this.#day(day))}
      ${
        this.more
          ? html`<div class="actions">
              <wa-button appearance="outlined" @click=${() => this.#olderThan(last)}>${this.t('audit.older')}</wa-button>
            </div>`
          : nothing
      }
    `;
  }

  #day({ at, acting, technical }: AuditDay) {
    return html`<section class="day">
      <h3>${formatDate(at, 'long')}</h3>
      <ul class="stack">
        ${acting.map(
          ({ who, doings }) => html`<li class="acting">
            <span class="strong">${who}</span>
            <ul>
              ${doings.map((each) => html`<li>${each.doing} <span class="muted">${this.#times(each)}</span></li>`)}
            </ul>
          </li>`,
        )}
      </ul>
      <details>
        <summary>${this.t('audit.technical')}</summary>
        <ul lang="en">
          ${technical.map((route) => html`<li><code>${route}</code></li>`)}
        </ul>
      </details>
    </section>`;
  }

  /** When it was done; of repeats how often, and between which times. */
  #times({ count, from, until }: Folded): string {
    const [first, last] = [from, until].map((moment) => clock.format(new Date(moment)));
    if (count === 1) return this.t('audit.once', { time: last });
    return this.t('audit.times', { count, from: first, until: last });
  }

  #who({ by, name }: Entry): string {
    return name !== null && by !== 'self' ? name : this.t(`audit.by.${by}`);
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
