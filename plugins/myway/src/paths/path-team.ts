import { LiveController, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { myway } from '../client.js';
import type { DraftStep } from './draft.js';
import type { PathDetail } from './model.js';

/** How often the page says that it is still open, in milliseconds; within `presentSeconds`, and rare, because each is in the audit log. */
const sign = 120_000;

interface Present {
  name: string;
  stepId: string | null;
}

/**
 * Who else works on a path that colleagues may change, and for its owner the switch that lets them.
 * @fires myway-content - somebody saved the path
 * @fires myway-share - `{ colleaguesEdit }`: let colleagues change it, or not; or `{ audience }`: for whom it is meant
 */
@customElement('myway-path-team')
export class PathTeam extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .team {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-5);
        align-items: center;
        min-height: 2.25rem;
        font-size: var(--il-text-s);
      }
      .people {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        align-items: center;
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) path: PathDetail | undefined;
  /** Id of the step that this teacher looks at. */
  @property({ attribute: false }) looking: string | null = null;
  @property({ attribute: false }) steps: readonly DraftStep[] = [];

  @state() private people: readonly Present[] = [];

  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.path?.colleaguesEdit ? [['myway.path', { pathId: this.path.id }]] : []),
      ({ reset, messages }) => {
        const kinds = messages.map(({ payload }) => (payload as { kind: string }).kind);
        if (reset || kinds.includes('content')) this.emit('myway-content');
        if (reset || kinds.includes('people')) return this.#say();
      },
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void this.#say(), sign);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    void this.#say(true);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('path') as PathDetail | undefined;
    if (changed.has('looking') || (changed.has('path') && before?.colleaguesEdit !== this.path?.colleaguesEdit)) void this.#say();
  }

  /** Says that the page is open, and learns who else has it open. */
  async #say(leaving = false): Promise<void> {
    if (!this.path?.colleaguesEdit || (document.hidden && !leaving)) return;
    try {
      const { people } = await myway.post('/paths/:id/presence', {
        params: { id: this.path.id },
        body: { stepId: this.looking, leaving },
      });
      this.people = people;
    } catch {
      // It only adds to the page.
    }
  }

  override render() {
    const { path } = this;
    if (path === undefined) return nothing;
    return html`<div class="team">
      ${
        path.scope === 'own'
          ? html`<wa-switch
            size="s"
            .checked=${live(path.colleaguesEdit)}
            @change=${(event: Event) => this.emit('myway-share', { colleaguesEdit: (event.target as HTMLInputElement).checked })}
          >${this.t('team.share')}</wa-switch>
          <wa-switch
            size="s"
            .checked=${live(path.audience === 'staff')}
            @change=${(event: Event) => this.emit('myway-share', { audience: (event.target as HTMLInputElement).checked ? 'staff' : 'pupils' })}
          >${this.t('team.forStaff')}</wa-switch>`
          : html`<span class="muted">${this.t('team.of', { name: path.owner ?? this.t('paths.formerColleague') })}</span>`
      }
      ${
        this.people.length === 0
          ? nothing
          : html`<p class="people" role="status"><il-icon name="users"></il-icon>${this.people.map((each) => this.#where(each)).join(', ')}</p>`
      }
    </div>`;
  }

  #where({ name, stepId }: Present): string {
    const number = this.steps.findIndex(({ id }) => id !== undefined && id === stepId) + 1;
    return number === 0 ? this.t('team.here', { name }) : this.t('team.hereAt', { name, number });
  }
}
