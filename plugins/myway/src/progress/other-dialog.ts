import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import '../replacements/activity-chooser.js';
import type { Chosen } from '../replacements/activity-chooser.js';
import type { PupilDetail } from './model.js';

type DetailStep = PupilDetail['steps'][number];

/**
 * Gives one pupil an easier or harder activity in the place of that of a step, or a step of their own after it.
 * @fires il-close - closed without a change
 * @fires myway-answered - `PupilDetail`
 */
@customElement('myway-other-dialog')
export class OtherDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property() assignmentId = '';

  @property() pupilId = '';

  /** The dialog is open while it is set. */
  @property({ attribute: false }) step: DetailStep | undefined;

  /** Add a step after this one, instead of changing it. */
  @property({ type: Boolean }) adding = false;

  @state() private chosen: Chosen | undefined;
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('step') || this.step === undefined) return;
    this.chosen = undefined;
    this.problem = undefined;
  }

  async #give(activityId: string | null): Promise<void> {
    const { step } = this;
    if (step === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      const params = { id: this.assignmentId, pupilId: this.pupilId, stepId: step.id };
      const changed =
        this.adding && activityId !== null
          ? await myway.post('/assignments/:id/pupils/:pupilId/steps/:stepId/extra', { params, body: { activityId } })
          : await myway.patch('/assignments/:id/pupils/:pupilId/steps/:stepId', { params, body: { activityId } });
      this.emit('myway-answered', changed);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const { step, chosen } = this;
    const activity = step?.activityId ? { id: step.activityId, title: step.title } : undefined;
    return html`
      <il-dialog heading=${this.t(this.adding ? 'other.addHeading' : 'other.heading', { title: step?.title ?? '' })} ?open=${step !== undefined}>
        <div class="stack">
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <p>${this.t(this.adding ? 'other.addText' : 'other.text')}</p>
          <myway-activity-chooser
            .activity=${activity}
            @myway-chosen=${({ detail }: CustomEvent<Chosen>) => (this.chosen = detail)}
          ></myway-activity-chooser>
        </div>
        ${
          step?.other && !this.adding
            ? html`<wa-button slot="footer" appearance="outlined" @click=${() => this.#give(null)}>${this.t('other.back')}</wa-button>`
            : html`<wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>`
        }
        <wa-button
          slot="footer"
          appearance="accent"
          variant="brand"
          ?disabled=${chosen === undefined}
          ?loading=${this.busy}
          @click=${() => this.#give(chosen?.id ?? null)}
        >${this.t('other.give')}</wa-button>
      </il-dialog>
    `;
  }
}
