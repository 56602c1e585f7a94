import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { BranchWay } from './model.js';

/**
 * For teachers: the way that a pupil follows at each branch of the path, which they can choose.
 * @fires myway-changed - the teacher chose
 */
@customElement('myway-pupil-ways')
export class PupilWays extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles];

  @property() assignmentId = '';
  @property() pupilId = '';
  /** Changes when the ways may have changed. */
  @property() stamp = '';

  @state() private branches: readonly BranchWay[] = [];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('pupilId') || changed.has('stamp')) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const { branches } = await myway.get('/assignments/:assignmentId/pupils/:pupilId/branches', {
        params: { assignmentId: this.assignmentId, pupilId: this.pupilId },
      });
      this.branches = branches;
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  async #choose(block: string, arm: string): Promise<void> {
    try {
      const { branches } = await myway.put('/assignments/:assignmentId/pupils/:pupilId/branches/:block', {
        params: { assignmentId: this.assignmentId, pupilId: this.pupilId, block },
        body: { arm: arm || null },
      });
      this.branches = branches;
      this.emit('myway-changed');
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  override render() {
    if (this.branches.length === 0) return nothing;
    return html`<div class="stack">
      ${this.branches.map(
        ({ block, title, arms, taken, chosen }) => html`<wa-select
          size="s"
          .label=${this.t('ways.label', { title: title || this.t('trail.junction') })}
          .hint=${taken === null ? this.t('ways.open') : chosen ? this.t('ways.chosen') : this.t('ways.decided', { way: arms.find(({ id }) => id === taken)?.title ?? '' })}
          .value=${chosen ? taken : 'auto'}
          @change=${(event: Event) => this.#choose(block, selected(event))}
        >
          <wa-option value="auto">${this.t('ways.auto')}</wa-option>
          ${arms.map((arm) => html`<wa-option value=${arm.id}>${arm.title}</wa-option>`)}
        </wa-select>`,
      )}
    </div>`;
  }
}

const selected = (event: Event): string => {
  const value = String((event.target as HTMLSelectElement).value ?? '');
  return value === 'auto' ? '' : value;
};
