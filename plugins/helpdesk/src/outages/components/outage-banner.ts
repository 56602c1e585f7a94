import { isPupil, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Notice, noticesOfActivities, noticesOfTool } from './notices.js';

/** Context of the slots in which it stands: an activity, or the activities of a path. */
interface Context {
  activityId?: string | null;
  activityIds?: string[];
  /** Only of a pupil's path and step; elsewhere it stands beside an activity in a list. */
  assignmentId?: string;
  pathId?: string;
}

/** Says that a tool does not work well, where that tool stands. Hidden while it works. */
@customElement('helpdesk-outage-banner')
export class OutageBanner extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        flex-basis: 100%;
      }
      :host([hidden]) {
        display: none;
      }
      :host([compact]) {
        flex: 0 1 18rem;
        font-size: var(--il-text-s);
      }
      .note {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--il-space-1) var(--il-space-3);
        margin-block: var(--il-space-2);
        padding: var(--il-space-3) var(--il-space-4);
        color: var(--il-ink);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
      }
      .down {
        background: var(--il-bad-fill);
      }
      il-icon {
        margin-block-start: 0.2em;
        color: var(--il-warn);
      }
      .down il-icon {
        color: var(--il-bad);
      }
      p {
        margin: 0;
      }
    `,
  ];

  /** Key of a tool. */
  @property() tool: string | null = null;
  @property({ attribute: false }) context: Context | undefined;
  @state() private notices: Notice[] = [];

  #asked = 0;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('tool') || changed.has('context')) void this.#load();
    this.hidden = this.notices.length === 0;
    const { assignmentId, pathId } = this.context ?? {};
    this.toggleAttribute('compact', this.context !== undefined && assignmentId === undefined && pathId === undefined);
  }

  async #load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const { activityId, activityIds = [] } = this.context ?? {};
    const activities = activityId ? [activityId] : activityIds;
    let notices: Notice[] = [];
    try {
      notices = this.tool ? await noticesOfTool(this.tool) : await noticesOfActivities(activities);
    } catch {
      // Without a banner the page is as it was.
    }
    if (asked === this.#asked) this.notices = notices;
  }

  override render() {
    if (this.notices.length === 0) return nothing;
    return this.notices.map(
      ({ names, severity, text }) => html`<div class="note ${severity}" role="status">
        <il-icon name=${severity === 'down' ? 'circle-x' : 'triangle-alert'}></il-icon>
        <p>
          <span class="strong">${this.t(`outages.notice.${severity}`, { tools: names.join(', ') })}</span>
          ${text === '' ? this.t(isPupil() ? 'outages.notice.pupil' : 'outages.notice.staff') : text}
        </p>
      </div>`,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-outage-banner': OutageBanner;
  }
}
