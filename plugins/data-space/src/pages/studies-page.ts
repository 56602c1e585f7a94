import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { ListedStudy } from '../studies/steward-routes.js';
import { pager, queryOf } from './pager.js';
import { releaseStyles } from './release-styles.js';
import './study-deliveries.js';
import './study-dialog.js';

/** `/beheer/data/onderzoek`: studies that a data steward describes, approves and ends, and the schools that are asked. */
@customElement('data-space-studies-page')
export class StudiesPage extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  @state() private adding = false;
  /** The study for which schools are asked, and their numbers as they were typed. */
  @state() private asking: { study: ListedStudy; numbers: string } | null = null;
  /** Studies whose deliveries are shown. */
  @state() private open: ReadonlySet<string> = new Set();
  @state() private busy = false;
  /** Shown once, after it was made. */
  @state() private made: { title: string; token: string } | null = null;
  @state() private pageAfter: string | null = null;

  readonly #all = new Task(this, {
    task: ([after], { signal }) => dataSpace.get('/studies', { query: queryOf(after), signal }),
    args: () => [this.pageAfter] as const,
  });

  #go(to: string | null): void {
    this.made = null;
    this.pageAfter = to;
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  /** Returns whether it succeeded. */
  async #act(text: string, act: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.made = null;
    let done = false;
    try {
      await act();
      done = true;
      notify({ kind: 'success', text });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
    await this.#all.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
    return done;
  }

  async #sure(what: 'approve' | 'end' | 'drop' | 'token', { id, title }: ListedStudy): Promise<void> {
    const sure = await confirmDialog({
      title: this.t(`studies.${what}Sure`, { title }),
      text: this.t(`studies.${what}Text`),
      confirm: this.t(`studies.${what}`),
      danger: what === 'end' || what === 'drop',
    });
    if (!sure) return;
    const params = { id };
    const acts = {
      approve: () => dataSpace.post('/studies/:id/approve', { params }),
      end: () => dataSpace.post('/studies/:id/end', { params }),
      drop: () => dataSpace.delete('/studies/:id', { params }),
      token: async () => {
        const { token } = await dataSpace.post('/studies/:id/token', { params });
        this.made = { title, token };
      },
    };
    await this.#act(this.t(`studies.done.${what}`), acts[what]);
  }

  async #ask(event: Event): Promise<void> {
    event.preventDefault();
    if (this.asking === null) return;
    const { study, numbers } = this.asking;
    const body = { numbers: numbers.split(/[\s,;]+/).filter((each) => each !== '') };
    const asked = await this.#act(this.t('studies.done.ask'), () =>
      dataSpace.post('/studies/:id/schools', { params: { id: study.id }, body }),
    );
    if (asked) this.asking = null;
  }

  #toggle(id: string): void {
    const next = new Set(this.open);
    if (!next.delete(id)) next.add(id);
    this.open = next;
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('studies.title')} .back=${{ href: '/beheer/data', text: this.t('steward.title') }}>
        <p>${this.t('studies.lead')}</p>
        <wa-button slot="actions" variant="brand" @click=${() => (this.adding = true)}>${this.t('studies.add')}</wa-button>
      </il-page-head>
      ${
        this.made === null
          ? nothing
          : html`<p role="status">${this.t('studies.madeToken', { title: this.made.title })}<br /><code>${this.made.token}</code></p>`
      }
      ${this.#all.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#all.run()}></il-problem>`,
        complete: ({ studies, next }) =>
          studies.length === 0
            ? html`<il-empty icon="flask-conical" heading=${this.t('studies.none')} text=${this.t('studies.noneText')}></il-empty>`
            : html`<ul class="list">
                  ${studies.map((each) => this.#study(each))}
                </ul>
                ${pager({ next }, this.pageAfter, { next: this.t('actions.next'), first: this.t('actions.first') }, (to) => this.#go(to))}`,
      })}
      ${
        this.adding
          ? html`<data-space-study-dialog
              @il-close=${() => (this.adding = false)}
              @data-space-saved=${() => {
                this.adding = false;
                void this.#act(this.t('studies.done.add'), async () => {});
              }}
            ></data-space-study-dialog>`
          : nothing
      }
      ${this.asking === null ? nothing : this.#askDialog(this.asking)}
    </div>`;
  }

  #study(study: ListedStudy) {
    const { id, title, organisation, researcher, why, names, startsOn, endsOn, state: at, schools, agreed } = study;
    const isOpen = this.open.has(id);
    return html`<li class="item">
      <div class="about">
        <h2>${title}</h2>
        <p class="small muted">
          ${organisation} · ${formatDate(startsOn)} – ${formatDate(endsOn)} · <strong>${this.t(`studies.state.${at}`)}</strong>
        </p>
        <p>${why}</p>
        <p class="small">
          ${researcher} · ${this.t(names ? 'studies.withNames' : 'studies.withoutNames')}
          ${at === 'draft' ? nothing : html` · ${this.t('studies.agreed', { agreed, count: schools })}`}
        </p>
        ${isOpen ? html`<data-space-study-deliveries .study=${id}></data-space-study-deliveries>` : nothing}
      </div>
      <div class="actions">
        ${
          at === 'draft'
            ? html`${this.#button('approve', study, () => this.#sure('approve', study))}
              ${this.#button('drop', study, () => this.#sure('drop', study))}`
            : this.#button('deliveries', study, () => this.#toggle(id), isOpen)
        }
        ${
          at === 'approved'
            ? html`${this.#button('ask', study, () => (this.asking = { study, numbers: '' }))}
              ${this.#button('token', study, () => this.#sure('token', study))}
              ${this.#button('end', study, () => this.#sure('end', study))}`
            : nothing
        }
      </div>
    </li>`;
  }

  #askDialog({ study, numbers }: { study: ListedStudy; numbers: string }) {
    return html`<il-dialog heading=${this.t('studies.askHeading')} .open=${true} @il-close=${() => (this.asking = null)}>
      <form @submit=${this.#ask}>
        <p>${this.t('studies.askText', { title: study.title })}</p>
        <wa-textarea
          required
          .label=${this.t('studies.numbers')}
          .hint=${this.t('studies.numbersHint')}
          .value=${numbers}
          @input=${(event: Event) => (this.asking = { study, numbers: (event.target as HTMLTextAreaElement).value })}
        ></wa-textarea>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.asking = null)}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} ?disabled=${numbers.trim() === ''} @click=${this.#ask}
        >${this.t('studies.ask')}</wa-button
      >
    </il-dialog>`;
  }

  #button(
    label: 'approve' | 'drop' | 'ask' | 'token' | 'end' | 'deliveries',
    { title }: ListedStudy,
    act: () => unknown,
    pressed?: boolean,
  ) {
    return html`<wa-button size="s" appearance="outlined" aria-pressed=${pressed ?? nothing} @click=${() => void act()}>
      ${this.t(`studies.${label}`)}<span class="visually-hidden"> – ${title}</span>
    </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-studies-page': StudiesPage;
  }
}
