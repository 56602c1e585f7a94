import { formatDate, PortalElement, sharedStyles, teacherWord } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { myway } from '../client.js';

type Message = Awaited<ReturnType<typeof load>>[number];

const load = (assignmentId: string) => myway.get('/my-paths/:assignmentId/messages', { params: { assignmentId } });

/** The newest messages are shown, older ones are folded. */
const unfolded = 2;

/** What a pupil's teachers wrote about a path. Shows nothing if there is nothing, or if it cannot be loaded. */
@customElement('myway-trail-messages')
export class TrailMessages extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      li {
        display: flex;
        gap: var(--il-space-3);
        align-items: start;
        padding: var(--il-space-3) var(--il-space-4);
        background: var(--il-info-fill);
        border-radius: var(--il-radius);
      }
      ul {
        display: grid;
        gap: var(--il-space-2);
      }
      p {
        flex: 1;
        min-width: 0;
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() assignmentId = '';

  /** Loads again when it changes. */
  @property({ type: Number }) version = 0;

  @state() private messages: Message[] = [];
  @state() private all = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('assignmentId') || changed.has('version')) void this.#load();
  }

  async #load(): Promise<void> {
    const { assignmentId } = this;
    try {
      const messages = await load(assignmentId);
      if (assignmentId === this.assignmentId) this.messages = messages;
    } catch {
      // The path is what the page is for.
    }
  }

  override render() {
    if (this.messages.length === 0) return nothing;
    const label = this.t('trail.messages', { teacher: teacherWord() });
    const shown = this.all ? this.messages : this.messages.slice(0, unfolded);
    return html`
      <ul class="list" aria-label=${label}>
        ${shown.map(
          ({ text, at }) => html`<li>
            <il-icon name="message-square"></il-icon>
            <p><span class="strong">${this.t('trail.fromTeacher', { teacher: teacherWord() })}</span>${'\n'}${text} <span class="muted small">${formatDate(at, 'time')}</span></p>
            <il-ear .text=${text} .label=${label}></il-ear>
          </li>`,
        )}
      </ul>
      ${
        shown.length < this.messages.length
          ? html`<wa-button size="s" appearance="plain" @click=${() => (this.all = true)}>${this.t('trail.olderMessages')}</wa-button>`
          : nothing
      }
    `;
  }
}
