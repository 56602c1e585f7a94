import type { Answer } from '@ilearn/core';
import { formatDate, LiveController, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { ticketRoutes } from '../ticket-routes.js';
import { attempt } from './attempt.js';
import './composer.js';
import type { Composer } from './composer.js';
import './desk-panel.js';
import { traceList, turnMark } from './marks.js';
import './people-panel.js';
import './presence-strip.js';
import { ticketStyles } from './styles.js';
import { thread } from './thread.js';

type Details = Answer<typeof ticketRoutes, 'GET', '/tickets/:id'>;

/** `/helpdesk/ticket/:id`: a question with its conversation, for whoever asked and for whoever helps. */
@customElement('helpdesk-ticket-page')
export class TicketPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    ticketStyles,
    css`
      .columns {
        display: grid;
        gap: var(--il-space-6);
      }
      @media (min-width: 64rem) {
        .columns.two {
          grid-template-columns: minmax(0, 1fr) 22rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};
  @state() private fault: string | undefined;
  @state() private score = 0;
  @query('helpdesk-composer') private readonly composer!: Composer | null;

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }): Promise<Details> => helpdesk.get('/tickets/:id', { params: { id }, signal }),
    args: () => [this.params['id'] ?? ''] as const,
  });

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.params['id'] === undefined ? [] : [['helpdesk.ticket', { ticketId: this.params['id'] }]]),
      async ({ reset, messages }) => {
        if (reset || messages.some(({ payload }) => (payload as { kind: string }).kind !== 'presence')) await this.#loaded.run();
      },
    );
  }

  override render() {
    const ticket = this.#loaded.value;
    return html`<div class="page">
      ${this.#loaded.render({
        pending: () => (ticket?.id === this.params['id'] && ticket !== undefined ? this.#page(ticket) : this.#waiting()),
        complete: (loaded) => this.#page(loaded),
        error: (problem) =>
          html`${this.#head(this.t('tickets.one'))}<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #waiting() {
    return html`${this.#head(this.t('tickets.one'))}<il-skeleton lines="8"></il-skeleton>`;
  }

  #head(title: string, content: unknown = nothing, agent = false) {
    const back = agent
      ? { href: '/helpdesk/wachtrij', text: this.t('tickets.queue.title') }
      : { href: '/helpdesk', text: this.t('tickets.mine.title') };
    return html`<il-page-head heading=${title} .back=${back}>${content}</il-page-head>`;
  }

  #page(ticket: Details) {
    const agent = ticket.part === 'agent';
    const facts = [
      `#${ticket.number}`,
      agent ? ticket.school : null,
      agent ? ticket.requester : null,
      this.t('tickets.asked', { at: formatDate(ticket.createdAt, 'long') }),
    ];
    return html`
      ${this.#head(
        ticket.subject,
        html`<p class="facts">${facts.filter(Boolean).map((fact) => html`<span>${fact}</span>`)}</p>
          <p>${turnMark((key, options) => this.t(key, options), ticket)}</p>`,
        agent,
      )}
      ${agent ? html`<helpdesk-presence .ticket=${ticket.id}></helpdesk-presence>` : nothing}
      <div class="columns ${agent ? 'two' : ''}">
        <div class="stack">
          ${ticket.mergedInto === null ? nothing : html`<p class="note-box"><a href="/helpdesk/ticket/${ticket.mergedInto}">${this.t('tickets.mergedInto')}</a></p>`}
          ${agent ? nothing : this.#question(ticket)}
          ${ticket.earlier ? html`<p class="muted">${this.t('tickets.earlier')}</p>` : nothing}
          ${thread(
            (key, options) => this.t(key, options),
            ticket.conversation,
            (message) => (agent && message.kind === 'public' ? this.#splitButton(message.id) : nothing),
          )}
          ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
          ${this.#compose(ticket)}
          ${agent ? nothing : this.#more(ticket)}
        </div>
        ${
          agent
            ? html`<helpdesk-desk-panel
                .ticket=${ticket}
                @il-changed=${() => this.#loaded.run()}
                @il-insert=${(event: CustomEvent<{ text: string }>) => this.composer?.insert(event.detail.text)}
              ></helpdesk-desk-panel>`
            : nothing
        }
      </div>
    `;
  }

  #compose(ticket: Details) {
    if (ticket.state === 'merged' || ticket.state === 'spam') return nothing;
    return html`<helpdesk-composer
      .ticket=${ticket.id}
      .agent=${ticket.part === 'agent'}
      .messages=${ticket.messages}
      @il-sent=${(event: CustomEvent<{ ticket: string }>) => this.#sent(event.detail.ticket)}
      @il-refused=${() => this.#loaded.run()}
    ></helpdesk-composer>`;
  }

  /** What whoever asked is asked now. */
  #question(ticket: Details) {
    const may = (action: string) => ticket.actions.includes(action);
    if (ticket.line === 'teacher' && ticket.part === 'participant' && ticket.state !== 'closed') {
      return html`<div class="note-box stack">
        <p>${this.t('tickets.teacher.text')}</p>
        <div class="actions"><wa-button variant="brand" @click=${() => this.#passOn(ticket.id)}>${this.t('tickets.teacher.passOn')}</wa-button></div>
      </div>`;
    }
    if (ticket.state === 'solved') {
      return html`<div class="note-box stack">
        <p class="strong">${this.t('tickets.solved.question')}</p>
        <div class="actions">
          <wa-button variant="brand" @click=${() => this.#act('confirm')}>${this.t('tickets.solved.yes')}</wa-button>
          <wa-button appearance="outlined" @click=${() => this.#act('reopen')}>${this.t('tickets.solved.no')}</wa-button>
        </div>
      </div>`;
    }
    if (ticket.survey) return this.#survey(ticket);
    if (!may('withdraw')) return nothing;
    return html`<div class="actions">
      <wa-button size="s" appearance="outlined" @click=${() => this.#act('withdraw')}>${this.t('tickets.withdraw')}</wa-button>
    </div>`;
  }

  #survey({ id }: Details) {
    return html`<form class="note-box" @submit=${(event: SubmitEvent) => this.#rate(event, id)}>
      <wa-radio-group
        name="score"
        orientation="horizontal"
        label=${this.t('tickets.survey.question')}
        @change=${(event: Event) => this.#choose(Number((event.target as HTMLInputElement).value))}
      >
        ${[1, 2, 3, 4, 5].map((score) => html`<wa-radio appearance="button" value=${String(score)}>${this.t(`tickets.survey.scores.${score}`)}</wa-radio>`)}
      </wa-radio-group>
      <wa-input name="remark" maxlength="1000" label=${this.t('tickets.survey.remark')}></wa-input>
      <div class="actions"><wa-button type="submit" appearance="outlined">${this.t('tickets.survey.send')}</wa-button></div>
    </form>`;
  }

  #more({ id, trace, device, participants, part }: Details) {
    return html`${
      trace === null
        ? nothing
        : html`<wa-details summary=${this.t('tickets.traceOf', { tool: trace.tool })}>${traceList(trace.lines)}</wa-details>`
    }
    ${device === '' ? nothing : html`<p class="small muted">${this.t('tickets.device', { device })}</p>`}
    ${
      this.can('helpdesk:ask')
        ? html`<helpdesk-people-panel .ticket=${id} .people=${participants} ?fixed=${part !== 'requester'} @il-changed=${() => this.#loaded.run()}></helpdesk-people-panel>`
        : nothing
    }`;
  }

  #splitButton(messageId: string) {
    const label = this.t('tickets.desk.split');
    return html`<wa-button size="s" appearance="plain" @click=${() => this.#split(messageId)}>
      <il-icon name="split" label=${label}></il-icon>
    </wa-button>`;
  }

  #choose(score: number): void {
    this.score = score;
  }

  async #sent(ticketId: string): Promise<void> {
    notify({ kind: 'success', text: this.t('tickets.compose.sent') });
    if (ticketId !== this.params['id']) notify({ kind: 'info', text: this.t('tickets.compose.elsewhere') });
    await this.#loaded.run();
  }

  async #act(action: 'confirm' | 'reopen' | 'withdraw'): Promise<void> {
    await this.#try(() => helpdesk.post('/tickets/:id/actions', { params: { id: this.params['id'] }, body: { action } }));
  }

  async #passOn(id: string): Promise<void> {
    await this.#try(() => helpdesk.post('/tickets/:id/pass-on', { params: { id } }));
  }

  async #split(message: string): Promise<void> {
    const subject = this.#loaded.value?.subject ?? '';
    await this.#try(async () => {
      const { number } = await helpdesk.post('/tickets/:id/splits', {
        params: { id: this.params['id'] },
        body: { message, subject },
      });
      notify({ kind: 'success', text: this.t('tickets.desk.splitDone', { number }) });
    });
  }

  async #rate(event: SubmitEvent, id: string): Promise<void> {
    event.preventDefault();
    if (this.score === 0) return;
    const remark = String(new FormData(event.target as HTMLFormElement).get('remark') ?? '');
    await this.#try(() => helpdesk.post('/tickets/:id/survey', { params: { id }, body: { score: this.score, remark } }));
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    this.fault = await attempt(act);
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-ticket-page': TicketPage;
  }
}
