import { announce, LiveController, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { notifications } from '../client.js';

/** Greatest number in the badge; the label has the exact number. */
const most = 99;

/** In the bar of every page: a link to the notifications, with the number of unread ones. */
@customElement('notifications-bell')
export class Bell extends PortalElement {
  static override ns = 'notifications';

  static override styles = [
    sharedStyles,
    css`
      a:any-link {
        position: relative;
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        color: var(--il-ink);
        border-radius: 22px;
      }
      a:any-link:hover {
        background: var(--il-hover);
      }
      .badge {
        position: absolute;
        inset-block-start: 2px;
        inset-inline-start: 22px;
        min-width: 20px;
        padding-inline: 4px;
        color: var(--il-action-ink);
        font-size: 0.75rem;
        font-weight: 700;
        line-height: 18px;
        text-align: center;
        background: var(--il-action);
        border: 1px solid var(--il-paper);
        border-radius: 10px;
      }
    `,
  ];

  @state() private unread = 0;

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.session ? [['notifications.inbox', { personId: this.session.personId }]] : []),
      ({ messages }) => this.#load(messages.some(({ payload }) => (payload as { kind: string }).kind === 'added')),
      { poll: 60_000 },
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load(false);
  }

  async #load(isNew: boolean): Promise<void> {
    try {
      const { unread } = await notifications.get('/inbox/unread');
      this.unread = unread;
      if (isNew && unread > 0) announce(this.t('bell.new', { count: unread }));
    } catch {
      // The number stays as it was; the page of notifications says what is wrong.
    }
  }

  override render() {
    return html`
      <a href="/meldingen" aria-label=${this.unread === 0 ? this.t('inbox.title') : this.t('bell.label', { count: this.unread })}>
        <il-icon name="bell"></il-icon>
        ${
          this.unread === 0
            ? nothing
            : html`<span class="badge" aria-hidden="true">${this.unread > most ? `${most}+` : this.unread}</span>`
        }
      </a>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'notifications-bell': Bell;
  }
}
