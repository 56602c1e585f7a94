import type { Answer } from '@ilearn/core';
import { library } from '@ilearn/plugin-library/client';
import { type ApiProblem, formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { askRoutes } from '../ask-routes.js';
import './file-picker.js';
import type { FilePicker } from './file-picker.js';
import { traceList } from './marks.js';
import { ticketStyles } from './styles.js';

type Asked = Answer<typeof askRoutes, 'POST', '/tickets'>;
type Trace = Answer<typeof askRoutes, 'GET', '/traces/:code'>;

/** `/helpdesk/vraag`: asks the helpdesk. The program comes first, so that its outage shows at once. */
@customElement('helpdesk-ask-page')
export class AskPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  /** `code` of a launch that failed, `programma`, and `van`: the page from which somebody came. */
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private tool = '';
  @state() private subject = '';
  @state() private text = '';
  @state() private device = '';
  @state() private withTrace = true;
  @state() private fault: string | undefined;
  @state() private sending = false;
  @state() private asked: Asked | undefined;
  @query('helpdesk-file-picker') private readonly picker!: FilePicker;

  readonly #tools = new Task(this, {
    task: async (_, { signal }) => (this.can('library:read') ? (await library.get('/tools', { signal })).tools : []),
    args: () => [] as const,
  });

  readonly #trace = new Task(this, {
    task: async ([code], { signal }): Promise<Trace | null> =>
      code === '' ? null : helpdesk.get('/traces/:code', { params: { code }, signal }).catch(() => null),
    args: () => [this.query.get('code') ?? ''] as const,
  });

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('query')) return;
    this.tool = this.query.get('programma') ?? '';
    const from = this.query.get('van');
    this.device = [navigator.userAgent, `${screen.width} × ${screen.height}`, from].filter(Boolean).join(' · ').slice(0, 300);
    if (this.query.has('code') && this.subject === '') {
      this.subject = this.t('tickets.ask.launchSubject');
      this.text = this.t('tickets.ask.launchText');
    }
  }

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('tickets.ask.title')} .back=${{ href: '/helpdesk', text: this.t('tickets.mine.title') }}></il-page-head>
      ${this.asked === undefined ? this.#form() : this.#confirmation(this.asked)}
    </div>`;
  }

  #form() {
    const tools = this.#tools.value ?? [];
    return html`<form @submit=${this.#submit}>
      ${
        tools.length === 0
          ? nothing
          : html`<wa-select
              label=${this.t('tickets.ask.tool')}
              hint=${this.t('tickets.ask.toolHint')}
              .value=${this.tool}
              @change=${(event: Event) => this.#set('tool', (event.target as HTMLSelectElement).value)}
            >
              <wa-option value="">${this.t('tickets.ask.noTool')}</wa-option>
              ${tools.map(({ key, name }) => html`<wa-option value=${key}>${name}</wa-option>`)}
            </wa-select>`
      }
      <helpdesk-outage-banner .tool=${this.tool}></helpdesk-outage-banner>
      ${this.#attached()}
      <wa-input
        label=${this.t('tickets.ask.subject')}
        maxlength="200"
        required
        .value=${this.subject}
        @input=${(event: Event) => this.#set('subject', (event.target as HTMLInputElement).value)}
      ></wa-input>
      <helpdesk-article-suggestions .text=${this.subject} .tool=${this.tool}></helpdesk-article-suggestions>
      <wa-textarea
        label=${this.t('tickets.ask.text')}
        hint=${this.t('tickets.ask.textHint')}
        rows="6"
        maxlength="20000"
        required
        .value=${this.text}
        @input=${(event: Event) => this.#set('text', (event.target as HTMLTextAreaElement).value)}
      ></wa-textarea>
      <helpdesk-file-picker></helpdesk-file-picker>
      <wa-details summary=${this.t('tickets.ask.deviceTitle')}>
        <wa-textarea
          label=${this.t('tickets.ask.device')}
          hint=${this.t('tickets.ask.deviceHint')}
          rows="3"
          maxlength="300"
          .value=${this.device}
          @input=${(event: Event) => this.#set('device', (event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
      </wa-details>
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.sending}>${this.t('tickets.ask.send')}</wa-button>
      </div>
    </form>`;
  }

  #attached() {
    const trace = this.#trace.value ?? null;
    if (trace === null) return nothing;
    const at = formatDate(trace.happenedAt, 'time');
    return html`<div class="note-box stack">
      <wa-checkbox ?checked=${this.withTrace} @change=${(event: Event) => this.#attach((event.target as HTMLInputElement).checked)}
        >${this.t('tickets.ask.trace', { at, tool: trace.tool })}</wa-checkbox
      >
      <wa-details summary=${this.t('tickets.ask.traceShow')} appearance="plain">
        <p class="small">${this.t('tickets.ask.traceWhat')}</p>
        ${traceList(trace.lines)}
      </wa-details>
    </div>`;
  }

  #confirmation({ id, number, line, answerBy }: Asked) {
    const by = answerBy === null ? undefined : formatDate(answerBy, 'time');
    return html`<div class="stack" role="status">
      <p class="strong">${this.t('tickets.ask.sent', { number })}</p>
      <p>${line === 'teacher' ? this.t('tickets.ask.toTeacher') : by === undefined ? nothing : this.t('tickets.ask.answerBy', { by })}</p>
      <div class="actions">
        <wa-button variant="brand" href="/helpdesk/ticket/${id}">${this.t('tickets.ask.see')}</wa-button>
      </div>
    </div>`;
  }

  #set(name: 'tool' | 'subject' | 'text' | 'device', value: string): void {
    this[name] = value;
  }

  #attach(on: boolean): void {
    this.withTrace = on;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.subject.trim() === '' || this.text.trim() === '') {
      this.fault = this.t('tickets.ask.incomplete');
      return;
    }
    this.sending = true;
    try {
      const trace = this.withTrace ? (this.#trace.value ?? null) : null;
      const form = new FormData();
      for (const [name, value] of Object.entries({
        ...{ subject: this.subject, text: this.text, tool: this.tool, device: this.device, code: trace?.code ?? '' },
      })) {
        form.set(name, value);
      }
      for (const file of this.picker.files) form.append('files', file);
      this.asked = await helpdesk.post('/tickets', { body: form });
      this.fault = undefined;
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    }
    this.sending = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-ask-page': AskPage;
  }
}
