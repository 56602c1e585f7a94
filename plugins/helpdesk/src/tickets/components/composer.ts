import { type ApiProblem, PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import './file-picker.js';
import type { FilePicker } from './file-picker.js';
import { ticketStyles } from './styles.js';

type Then = 'none' | 'ask' | 'wait' | 'solve' | 'work';

/**
 * Writes in a ticket: an answer to all, or for helpers a note. What helpers write is kept as a draft. When a message came that the writer has
 * not seen, sending waits until they did.
 */
@customElement('helpdesk-composer')
export class Composer extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @property() ticket = '';
  @property({ type: Boolean }) agent = false;
  /** Messages that are on the page. */
  @property({ type: Number }) messages = 0;
  @state() private text = '';
  @state() private kind: 'public' | 'note' = 'public';
  @state() private next: Then = 'ask';
  /** Messages that the writer has seen. */
  @state() private seen = 0;
  @state() private fault: string | undefined;
  @state() private sending = false;
  @query('helpdesk-file-picker') private readonly picker!: FilePicker;
  readonly #typing = new TypingPause(this);

  /** Puts a prepared text into the field. */
  insert(text: string): void {
    this.text = this.text === '' ? text : `${this.text}\n\n${text}`;
    this.#keep();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('ticket') && this.ticket !== '') {
      this.seen = this.messages;
      if (this.agent) void this.#fetchDraft();
    }
    // Whoever is not writing has read what came.
    if (changed.has('messages') && this.text === '') this.seen = this.messages;
  }

  override render() {
    const stale = this.text !== '' && this.messages > this.seen;
    return html`<form @submit=${this.#submit}>
      ${
        this.agent
          ? html`<wa-radio-group
              orientation="horizontal"
              label=${this.t('tickets.compose.kind')}
              .value=${this.kind}
              @change=${(event: Event) => this.#choose((event.target as HTMLInputElement).value as 'public' | 'note')}
            >
              <wa-radio appearance="button" value="public">${this.t('tickets.compose.public')}</wa-radio>
              <wa-radio appearance="button" value="note">${this.t('tickets.compose.note')}</wa-radio>
            </wa-radio-group>`
          : nothing
      }
      <wa-textarea
        rows="5"
        maxlength="20000"
        label=${this.t(this.kind === 'note' ? 'tickets.compose.noteText' : 'tickets.compose.text')}
        hint=${this.kind === 'note' ? this.t('tickets.compose.noteHint') : nothing}
        .value=${this.text}
        @input=${(event: Event) => this.#write((event.target as HTMLTextAreaElement).value)}
      ></wa-textarea>
      <helpdesk-file-picker></helpdesk-file-picker>
      ${this.agent && this.kind === 'public' ? this.#thenChoice() : nothing}
      ${
        stale
          ? html`<div class="note-box" role="alert">
              <p>${this.t('tickets.compose.stale')}</p>
              <wa-button size="s" appearance="outlined" @click=${() => this.#read()}>${this.t('tickets.compose.read')}</wa-button>
            </div>`
          : nothing
      }
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.sending} ?disabled=${stale}
          >${this.t(this.kind === 'note' ? 'tickets.compose.sendNote' : 'tickets.compose.send')}</wa-button
        >
      </div>
    </form>`;
  }

  #thenChoice() {
    return html`<wa-select
      label=${this.t('tickets.compose.then')}
      .value=${this.next}
      @change=${(event: Event) => this.#decide((event.target as HTMLSelectElement).value as Then)}
    >
      ${(['ask', 'solve', 'work', 'none'] as const).map((each) => html`<wa-option value=${each}>${this.t(`tickets.compose.after.${each}`)}</wa-option>`)}
    </wa-select>`;
  }

  #choose(kind: 'public' | 'note'): void {
    this.kind = kind;
    this.#keep();
  }

  #decide(next: Then): void {
    this.next = next;
  }

  #write(text: string): void {
    this.text = text;
    this.emit('il-writing', { writing: text !== '' });
    this.#typing.after(() => this.#keep());
  }

  #read(): void {
    this.seen = this.messages;
    this.#keep();
  }

  #keep(): void {
    if (!this.agent) return;
    const body = { kind: this.kind, text: this.text, seen: this.seen };
    void helpdesk.put('/tickets/:id/draft', { params: { id: this.ticket }, body }).catch(() => undefined);
  }

  async #fetchDraft(): Promise<void> {
    const { draft } = await helpdesk.get('/tickets/:id/draft', { params: { id: this.ticket } });
    if (draft === null || this.text !== '') return;
    this.text = draft.text;
    this.kind = draft.kind;
    this.seen = draft.seen;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.text.trim() === '') {
      this.fault = this.t('tickets.compose.empty');
      return;
    }
    this.sending = true;
    try {
      const next = this.agent && this.kind === 'public' ? this.next : 'none';
      const body = new FormData();
      for (const [name, value] of Object.entries({
        text: this.text,
        kind: this.kind,
        next,
        seen: this.agent ? String(this.seen) : '',
      })) {
        body.set(name, value);
      }
      for (const file of this.picker.files) body.append('files', file);
      const { ticket } = await helpdesk.post('/tickets/:id/messages', { params: { id: this.ticket }, body });
      this.text = '';
      this.fault = undefined;
      this.picker.clear();
      this.emit('il-sent', { ticket });
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
      this.emit('il-refused', {});
    }
    this.sending = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-composer': Composer;
  }
}
