import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import './activity-chooser.js';
import type { Chosen } from './activity-chooser.js';
import type { DeadActivity } from './model.js';

/**
 * Replaces an activity that no longer works in all paths.
 * @fires il-close - closed without replacing
 * @fires myway-replaced - `Replacement`
 */
@customElement('myway-replace-dialog')
export class ReplaceDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      .keeps {
        padding: var(--il-space-3) var(--il-space-4);
        background: var(--il-hover);
        border-radius: var(--il-radius);
      }
    `,
  ];

  /** The activity to replace; the dialog is open while it is set. */
  @property({ attribute: false }) activity: DeadActivity | undefined;

  @state() private chosen: Chosen | undefined;
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('activity') || this.activity === undefined) return;
    this.chosen = undefined;
    this.problem = undefined;
  }

  async #replace(): Promise<void> {
    const { activity, chosen } = this;
    if (activity === undefined || chosen === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      const done = await myway.post('/dead-activities/:id/replacement', {
        params: { id: activity.id },
        body: { activityId: chosen.id },
      });
      this.emit('myway-replaced', done);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const { activity, chosen } = this;
    return html`
      <il-dialog heading=${this.t('replace.heading', { title: activity?.title ?? '' })} ?open=${activity !== undefined}>
        <div class="stack">
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <p class="keeps">${this.t('replace.keeps')}</p>
          <myway-activity-chooser
            .activity=${activity}
            @myway-chosen=${({ detail }: CustomEvent<Chosen>) => (this.chosen = detail)}
          ></myway-activity-chooser>
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" appearance="accent" variant="brand" ?disabled=${chosen === undefined} ?loading=${this.busy} @click=${this.#replace}>
          ${this.t('replace.confirm', { count: activity?.paths ?? 0 })}
        </wa-button>
      </il-dialog>
    `;
  }
}
