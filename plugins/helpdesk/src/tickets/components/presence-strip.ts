import { LiveController, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { ticketStyles } from './styles.js';

const everyMs = 25_000;

/** Warns of other helpers at the same ticket, and tells them that this one is here. */
@customElement('helpdesk-presence')
export class PresenceStrip extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @property() ticket = '';
  @state() private people: { name: string; writing: boolean }[] = [];
  #writing = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.ticket === '' ? [] : [['helpdesk.ticket', { ticketId: this.ticket }]]),
      async ({ reset, messages }) => {
        if (reset || messages.some(({ payload }) => (payload as { kind: string }).kind === 'presence')) await this.#load();
      },
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.getRootNode().addEventListener('il-writing', this.#write);
    this.#timer = setInterval(() => void this.#tell(), everyMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.getRootNode().removeEventListener('il-writing', this.#write);
    clearInterval(this.#timer);
    if (this.ticket !== '') void helpdesk.delete('/tickets/:id/presence', { params: { id: this.ticket } }).catch(() => undefined);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('ticket')) void this.#tell();
  }

  override render() {
    if (this.people.length === 0) return nothing;
    return html`<div class="note-box" role="status">
      ${this.people.map(
        ({ name, writing }) =>
          html`<p><il-icon name=${writing ? 'pencil' : 'eye'}></il-icon> ${this.t(writing ? 'tickets.presence.writes' : 'tickets.presence.looks', { name })}</p>`,
      )}
    </div>`;
  }

  readonly #write = (event: Event): void => {
    const { writing } = (event as CustomEvent<{ writing: boolean }>).detail;
    if (writing === this.#writing) return;
    this.#writing = writing;
    void this.#tell();
  };

  async #tell(): Promise<void> {
    if (this.ticket === '') return;
    const writing = this.#writing;
    await helpdesk.put('/tickets/:id/presence', { params: { id: this.ticket }, body: { writing } }).catch(() => undefined);
    await this.#load();
  }

  async #load(): Promise<void> {
    const answer = await helpdesk.get('/tickets/:id/presence', { params: { id: this.ticket } }).catch(() => null);
    if (answer !== null) this.people = answer.people;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-presence': PresenceStrip;
  }
}
