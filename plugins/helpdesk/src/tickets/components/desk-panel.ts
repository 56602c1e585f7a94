import type { Answer } from '@ilearn/core';
import { formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { queueRoutes } from '../queue-routes.js';
import type { ticketRoutes } from '../ticket-routes.js';
import { attempt } from './attempt.js';
import { dueMark, stateMark, traceList } from './marks.js';
import './side-panel.js';
import { ticketStyles } from './styles.js';

type Details = Answer<typeof ticketRoutes, 'GET', '/tickets/:id'>;
type Macro = Answer<typeof queueRoutes, 'GET', '/macros'>['macros'][number];
type Action = 'work' | 'solve' | 'close' | 'reopen' | 'spam' | 'not-spam' | 'wait';

/** What a helper sees and sets beside a conversation: who has it, how urgent it is, its trace, links, side conversations and history. */
@customElement('helpdesk-desk-panel')
export class DeskPanel extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @property({ attribute: false }) ticket!: Details;
  @state() private fault: string | undefined;
  @state() private macro: Macro | undefined;

  readonly #helpers = new Task(this, {
    task: async ([id], { signal }) => (await helpdesk.get('/tickets/:id/helpers', { params: { id }, signal })).people,
    args: () => [this.ticket.id] as const,
  });
  readonly #macros = new Task(this, {
    task: async (_, { signal }) => (await helpdesk.get('/macros', { signal })).macros,
    args: () => [] as const,
  });
  readonly #history = new Task(this, {
    autoRun: false,
    task: async ([id], { signal }) => (await helpdesk.get('/tickets/:id/history', { params: { id }, signal })).steps,
    args: () => [this.ticket.id] as const,
  });

  override render() {
    const { ticket } = this;
    return html`<div class="stack">
      ${this.#times()}
      <div class="form">
        <wa-select label=${this.t('tickets.desk.owner')} .value=${ticket.ownerId ?? ''} @change=${(event: Event) => this.#assign((event.target as HTMLSelectElement).value)}>
          <wa-option value="">${this.t('tickets.desk.nobody')}</wa-option>
          ${this.#owners().map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
        </wa-select>
        <wa-select
          label=${this.t('tickets.desk.priority')}
          .value=${String(ticket.priority)}
          @change=${(event: Event) => this.#set({ priority: Number((event.target as HTMLSelectElement).value) })}
        >
          ${[1, 2, 3, 4].map((each) => html`<wa-option value=${String(each)}>${this.t(`tickets.priorities.${each}`)}</wa-option>`)}
        </wa-select>
        <wa-select
          label=${this.t('tickets.desk.line')}
          .value=${ticket.line}
          @change=${(event: Event) => this.#set({ line: (event.target as HTMLSelectElement).value as 'school' | 'portal' | 'provider' })}
        >
          ${(['school', 'portal', 'provider'] as const).map((each) => html`<wa-option value=${each}>${this.t(`tickets.lines.${each}`)}</wa-option>`)}
        </wa-select>
        <wa-input
          label=${this.t('tickets.desk.labels')}
          hint=${this.t('tickets.desk.labelsHint')}
          .value=${ticket.labels.join(', ')}
          @change=${(event: Event) => this.#label((event.target as HTMLInputElement).value)}
        ></wa-input>
      </div>
      <div class="actions">
        ${ticket.actions.map(
          (action) =>
            html`<wa-button size="s" appearance="outlined" @click=${() => this.#act(action as Action)}>${this.t(`tickets.actions.${action}`)}</wa-button>`,
        )}
      </div>
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
      ${this.#macroChoice()}
      ${
        ticket.trace === null
          ? nothing
          : html`<wa-details open summary=${this.t('tickets.traceOf', { tool: ticket.trace.tool })}>${traceList(ticket.trace.lines)}</wa-details>`
      }
      ${ticket.device === '' ? nothing : html`<p class="small muted">${this.t('tickets.device', { device: ticket.device })}</p>`}
      <helpdesk-people-panel .ticket=${ticket.id} .people=${ticket.participants} @il-changed=${() => this.#changed()}></helpdesk-people-panel>
      <helpdesk-side-panel .ticket=${ticket.id} .revision=${ticket.lastAt} @il-changed=${() => this.#changed()}></helpdesk-side-panel>
      ${this.#links()}
      <wa-details summary=${this.t('tickets.desk.history')} @wa-show=${() => this.#history.run()}>${this.#steps()}</wa-details>
    </div>`;
  }

  #times() {
    const { firstDueAt, solveDueAt, answeredAt, state: now } = this.ticket;
    const t = (key: string, options?: Record<string, unknown>) => this.t(key, options);
    return html`<div class="note-box stack">
      <p>${stateMark(t, now)}</p>
      ${answeredAt === null && firstDueAt !== null ? html`<p>${this.t('tickets.desk.firstDue')} ${dueMark(t, firstDueAt)}</p>` : nothing}
      ${
        solveDueAt !== null
          ? html`<p>${this.t('tickets.desk.solveDue')} ${dueMark(t, solveDueAt)}</p>`
          : html`<p class="small muted">${this.t('tickets.desk.still')}</p>`
      }
    </div>`;
  }

  /** The one who has it may be a helper whom the reader cannot choose. */
  #owners() {
    const helpers = this.#helpers.value ?? [];
    const { ownerId, owner } = this.ticket;
    if (ownerId === null || helpers.some(({ id }) => id === ownerId)) return helpers;
    return [{ id: ownerId, name: owner ?? this.t('tickets.parts.agent') }, ...helpers];
  }

  #macroChoice() {
    const macros = this.#macros.value ?? [];
    if (macros.length === 0) return nothing;
    return html`<div class="form">
      <wa-select label=${this.t('tickets.macros.title')} .value=${this.macro?.id ?? ''} @change=${(event: Event) => this.#chooseMacro((event.target as HTMLSelectElement).value)}>
        <wa-option value="">${this.t('tickets.macros.choose')}</wa-option>
        ${macros.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
      </wa-select>
      ${
        this.macro === undefined
          ? nothing
          : html`<div class="note-box stack">
              ${macroPreview((key, options) => this.t(key, options), this.macro)}
              <div class="actions">
                <wa-button size="s" variant="brand" @click=${() => this.#useMacro()}>${this.t('tickets.macros.use')}</wa-button>
                ${
                  this.macro.text === ''
                    ? nothing
                    : html`<wa-button size="s" appearance="outlined" @click=${() => this.emit('il-insert', { text: this.macro?.text ?? '' })}>${this.t('tickets.macros.insert')}</wa-button>`
                }
              </div>
            </div>`
      }
    </div>`;
  }

  #links() {
    const { links } = this.ticket;
    return html`<section class="stack" aria-labelledby="links">
      <h2 id="links">${this.t('tickets.desk.links')}</h2>
      <ul class="list">
        ${links.map(
          ({ id, number, subject, kind }) =>
            html`<li><a class="row" href="/helpdesk/ticket/${id}"><span class="grow">#${number} ${subject}</span><span class="small muted">${this.t(`tickets.links.${kind}`)}</span></a></li>`,
        )}
      </ul>
      <form @submit=${this.#tie}>
        <wa-input name="number" inputmode="numeric" label=${this.t('tickets.desk.number')}></wa-input>
        <div class="actions">
          <wa-button type="submit" size="s" appearance="outlined" name="what" value="link">${this.t('tickets.desk.link')}</wa-button>
          <wa-button type="submit" size="s" appearance="outlined" name="what" value="merge">${this.t('tickets.desk.merge')}</wa-button>
        </div>
      </form>
    </section>`;
  }

  #steps() {
    return html`<ol class="trace">
      ${(this.#history.value ?? []).map(
        ({ action, by, part, detail, at }) =>
          html`<li>${formatDate(at, 'time')} · ${this.t(`tickets.history.${action}`, { detail })} · ${by ?? this.t(`tickets.parts.${part}`)}</li>`,
      )}
    </ol>`;
  }

  #assign(owner: string): void {
    void this.#set({ owner: owner === '' ? null : owner });
  }

  #label(text: string): void {
    void this.#set({ labels: labelsIn(text) });
  }

  #chooseMacro(id: string): void {
    this.macro = this.#macros.value?.find((each) => each.id === id);
  }

  async #set(body: {
    owner?: string | null;
    priority?: number;
    line?: 'school' | 'portal' | 'provider';
    labels?: string[];
  }): Promise<void> {
    await this.#try(() => helpdesk.patch('/tickets/:id', { params: { id: this.ticket.id }, body }));
  }

  async #act(action: Action): Promise<void> {
    await this.#try(() => helpdesk.post('/tickets/:id/actions', { params: { id: this.ticket.id }, body: { action } }));
  }

  async #useMacro(): Promise<void> {
    const id = this.macro?.id;
    if (id === undefined) return;
    await this.#try(() => helpdesk.post('/macros/:id/uses', { params: { id }, body: { tickets: [this.ticket.id] } }));
    this.macro = undefined;
  }

  async #tie(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const number = Number(String(new FormData(form).get('number') ?? '').replace('#', ''));
    if (!Number.isInteger(number) || number < 1) {
      this.fault = this.t('tickets.desk.numberMissing');
      return;
    }
    const params = { id: this.ticket.id };
    const merges = (event.submitter as HTMLButtonElement | null)?.value === 'merge';
    await this.#try(async () => {
      if (!merges) return helpdesk.post('/tickets/:id/links', { params, body: { number } });
      const { id } = await helpdesk.post('/tickets/:id/merge', { params, body: { into: number } });
      notify({ kind: 'success', text: this.t('tickets.desk.merged', { number }) });
      return navigate(`/helpdesk/ticket/${id}`);
    });
    form.reset();
  }

  #changed(): void {
    this.emit('il-changed', {});
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    this.fault = await attempt(act);
    if (this.fault === undefined) void this.#helpers.run();
    this.#changed();
  }
}

/** Labels as somebody types them, with commas between them. */
export const labelsIn = (text: string): string[] =>
  [
    ...new Set(
      text
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    ),
  ].slice(0, 20);

/** What a macro would do, before it is used. */
export function macroPreview(
  t: (key: string, options?: Record<string, unknown>) => string,
  { text, action, priority, labels }: Pick<Macro, 'text' | 'action' | 'priority' | 'labels'>,
) {
  return html`<ul>
    ${text === '' ? nothing : html`<li>${t('tickets.macros.sends')} <span class="muted">${text}</span></li>`}
    ${action === '' ? nothing : html`<li>${t('tickets.macros.does', { action: t(`tickets.actions.${action}`) })}</li>`}
    ${priority === null ? nothing : html`<li>${t('tickets.macros.priority', { priority: t(`tickets.priorities.${priority}`) })}</li>`}
    ${labels.length === 0 ? nothing : html`<li>${t('tickets.macros.labels', { labels: labels.join(', ') })}</li>`}
  </ul>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-desk-panel': DeskPanel;
  }
}
