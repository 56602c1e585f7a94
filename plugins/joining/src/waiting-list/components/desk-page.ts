import { filterStyles, formatDate, navigate, PortalElement, sharedStyles, stateStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { joining } from '../../client.js';
import { lastDay } from '../../last-day.js';
import { formStyles } from '../../styles.js';
import './decide-dialog.js';
import type { Decision, DeskEntry, DeskList } from './desk-entry.js';

const states = ['waiting', 'offered', 'joining', 'joined', 'declined', 'lapsed', 'withdrawn', 'merged'] as const;
type State = (typeof states)[number];

/** What an administrator can do in a state; the first is the main button. */
const actsOf: Partial<Record<State, readonly Decision[]>> = {
  waiting: ['offer', 'decline', 'merge', 'erase'],
  offered: ['retract'],
  joining: ['principal'],
  joined: ['erase'],
  declined: ['restore', 'erase'],
  lapsed: ['restore', 'erase'],
  withdrawn: ['erase'],
  merged: ['restore', 'erase'],
};

/** `/beheer/wachtlijst`: requests for a place, in order, and what is decided about them. */
@customElement('joining-desk-page')
export class DeskPage extends PortalElement {
  static override ns = 'joining';
  static override styles = [
    sharedStyles,
    stateStyles,
    filterStyles,
    formStyles,
    css`
      .entry {
        display: grid;
        gap: var(--il-space-2);
        padding-block: var(--il-space-4);
      }
      h2 {
        font-size: var(--il-text-l);
        overflow-wrap: anywhere;
      }
      li + li > .entry {
        border-block-start: 1px solid var(--il-rule);
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1) var(--il-space-4);
      }
      .schools {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .warn {
        color: var(--il-warn);
        font-weight: 600;
      }
      .entry .actions {
        align-items: end;
      }
      .find {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        align-items: end;
        margin-block-end: var(--il-space-4);
      }
      wa-select {
        width: 12rem;
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();
  @state() private deciding: { decision: Decision; entry: DeskEntry } | undefined;
  @state() private problem: unknown;
  /** Where the shown page begins, and of which list; the first page of another. */
  @state() private page: { of: string; after: string } | undefined;

  readonly #list = new Task(this, {
    task: ([stands, number, after], { signal }) =>
      joining.get('/entries', {
        query: { state: stands, limit: 100, ...(number === null ? {} : { number }), ...(after === null ? {} : { after }) },
        signal,
      }),
    args: () => [this.#state, this.#number, this.#after] as const,
  });

  /** The instellingsnummer that is looked for. */
  get #number(): string | null {
    const wanted = this.query.get('nummer');
    return wanted !== null && /^\d{6}$/.test(wanted) ? wanted : null;
  }

  get #listed(): string {
    return this.#number ?? this.#state;
  }

  get #after(): string | null {
    return this.page?.of === this.#listed ? this.page.after : null;
  }

  get #state(): State {
    const wanted = this.query.get('stand');
    return states.find((each) => each === wanted) ?? 'waiting';
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('desk.title')}><p>${this.t('desk.lead')}</p></il-page-head>
      ${this.#list.render({
        pending: () => html`${this.#filters()}<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) =>
          html`${this.#filters()}<il-problem .problem=${problem} @retry=${() => this.#list.run()}></il-problem>`,
        complete: (list) => this.#entries(list),
      })}
      <joining-decide-dialog
        .decision=${this.deciding?.decision}
        .entry=${this.deciding?.entry}
        @il-close=${this.#decided}
        @joining-decided=${() => this.#list.run()}
      ></joining-decide-dialog>
    </div>`;
  }

  #filters(counts?: DeskList['counts']) {
    return html`<form class="find" role="search" @submit=${this.#find}>
        <wa-input
          name="number"
          size="small"
          inputmode="numeric"
          pattern="[0-9]{6}"
          maxlength="6"
          label=${this.t('desk.find')}
          .value=${this.#number ?? ''}
        ></wa-input>
        <wa-button appearance="outlined" type="submit">${this.t('desk.findIt')}</wa-button>
      </form>
      <nav aria-label=${this.t('desk.show')}>
      <ul class="filters">
        ${states.map(
          (each) => html`<li>
            <a href="/beheer/wachtlijst?stand=${each}" aria-current=${this.#number === null && each === this.#state ? 'page' : nothing}>
              ${this.t(`desk.states.${each}`)} ${counts === undefined ? nothing : html`<span class="number">${counts[each]}</span>`}
            </a>
          </li>`,
        )}
      </ul>
    </nav>`;
  }

  #find(event: SubmitEvent): void {
    event.preventDefault();
    const number = String(new FormData(event.target as HTMLFormElement).get('number') ?? '').trim();
    navigate(number === '' ? '/beheer/wachtlijst' : `/beheer/wachtlijst?nummer=${encodeURIComponent(number)}`);
  }

  /** From the first page to the next ones. */
  #pager({ next }: DeskList) {
    const go = (after: string | null) => {
      this.page = after === null ? undefined : { of: this.#listed, after };
    };
    if (next === null && this.#after === null) return nothing;
    return html`<p class="actions">
      ${this.#after === null ? nothing : html`<wa-button appearance="outlined" @click=${() => go(null)}>${this.t('desk.first')}</wa-button>`}
      ${next === null ? nothing : html`<wa-button appearance="outlined" @click=${() => go(next)}>${this.t('desk.next')}</wa-button>`}
    </p>`;
  }

  #entries(list: DeskList) {
    const { entries, counts } = list;
    return html`${this.#filters(counts)}
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      ${
        entries.length === 0
          ? html`<il-empty icon="hand-helping" heading=${this.t('desk.none')} text=${this.t('desk.noneText')}></il-empty>`
          : html`<ol class="list">${entries.map((entry, at) => html`<li>${this.#entry(entry, at)}</li>`)}</ol>`
      }
      ${this.#pager(list)}`;
  }

  #entry(entry: DeskEntry, at: number) {
    const { name, kind, schools, givenName, familyName, email, remark, requestedAt, offerUntil, reason } = entry;
    const person = `${givenName} ${familyName}`;
    return html`<article class="entry" aria-label=${name}>
      <h2>${this.#isOrder ? html`<span class="number">${at + 1}.</span> ` : nothing}${name}</h2>
      ${this.#number === null ? nothing : html`<p class="strong">${this.t(`desk.states.${entry.state as State}`)}</p>`}
      ${kind === 'group' ? html`<p class="muted">${this.t('desk.group', { count: schools.length })}</p>` : nothing}
      <ul class="schools">
        ${schools.map(
          (school) => html`<li>
            <span class="code">${school.number}</span> ${kind === 'group' ? school.name : nothing}
            ${school.known ? html`<span class="warn"><il-icon name="triangle-alert"></il-icon> ${this.t('desk.known')}</span>` : nothing}
            ${school.others > 0 ? html`<span class="warn"><il-icon name="triangle-alert"></il-icon> ${this.t('desk.others', { count: school.others })}</span>` : nothing}
          </li>`,
        )}
      </ul>
      <p class="about">
        <span>${person}, ${this.t(`functions.${entry.function}`)}</span>
        <a href="mailto:${email}">${email}</a>
        <span class="muted">${this.t('desk.since', { date: formatDate(requestedAt, 'short') })}</span>
        ${offerUntil === null ? nothing : html`<span>${this.t('desk.until', { date: lastDay(offerUntil) })}</span>`}
      </p>
      ${remark === '' ? nothing : html`<blockquote class="quote">${remark}</blockquote>`}
      ${reason === null ? nothing : html`<p>${this.t('desk.reason')} ${reason}</p>`}
      ${this.#acts(entry)}
    </article>`;
  }

  /** Whether the place in the list is the place on the page. */
  get #isOrder(): boolean {
    return this.#state === 'waiting' && this.#number === null && this.#after === null;
  }

  #acts(entry: DeskEntry) {
    const acts = (actsOf[entry.state as State] ?? []).filter(
      (act) => act !== 'merge' || entry.schools.some(({ others }) => others > 0),
    );
    if (acts.length === 0) return nothing;
    const offering = entry.schools.some(({ known }) => known);
    return html`<div class="actions">
      ${acts.map(
        (decision) => html`<wa-button
          appearance="outlined"
          ?disabled=${decision === 'offer' && offering}
          @click=${() => this.#decide(decision, entry)}
          >${this.t(`desk.acts.${decision}`)}</wa-button
        >`,
      )}
      ${
        entry.state === 'waiting'
          ? html`<wa-select
              label=${this.t('desk.priority')}
              size="small"
              .value=${String(entry.priority)}
              @change=${(event: Event) => this.#prioritise(entry, Number((event.target as HTMLSelectElement).value))}
            >
              ${[1, 0, -1].map((each) => html`<wa-option value=${String(each)}>${this.t(`desk.priorities.${each}`)}</wa-option>`)}
            </wa-select>`
          : nothing
      }
    </div>`;
  }

  #decide(decision: Decision, entry: DeskEntry): void {
    this.deciding = { decision, entry };
  }

  #decided(): void {
    this.deciding = undefined;
  }

  async #prioritise({ id, priority: before }: DeskEntry, priority: number): Promise<void> {
    if (priority === before) return;
    this.problem = undefined;
    try {
      await joining.put('/entries/:id/priority', { params: { id }, body: { priority } });
    } catch (problem) {
      this.problem = problem;
    }
    await this.#list.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-desk-page': DeskPage;
  }
}
