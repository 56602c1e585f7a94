import { navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { Board } from './model.js';

/**
 * Makes a group of the pupils with a score below a limit at a step, or from it on, and says beforehand who they are.
 * @fires il-close - made, or closed without making
 */
@customElement('myway-group-dialog')
export class GroupDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  /** The dialog is open while it is set. */
  @property({ attribute: false }) board: Board | undefined;

  @state() private stepId = '';
  @state() private side: 'below' | 'from' = 'below';
  @state() private percent = '60';
  @state() private name = '';
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('board') || this.board === undefined || changed.get('board') !== undefined) return;
    const scored = this.board.steps.findIndex((_, index) => this.board?.rows.some(({ cells }) => cells[index]?.score));
    this.stepId = this.board.steps[Math.max(0, scored)]?.id ?? '';
    this.problem = undefined;
    this.name = '';
  }

  get #share(): number {
    const percent = Number(this.percent.replace(',', '.'));
    return this.percent.trim() !== '' && percent >= 0 && percent <= 100 ? percent / 100 : Number.NaN;
  }

  get #meant(): string[] {
    const column = this.board?.steps.findIndex(({ id }) => id === this.stepId) ?? -1;
    const share = this.#share;
    return (this.board?.rows ?? []).flatMap(({ pupil, cells }) => {
      const score = cells[column]?.score;
      if (!score || Number.isNaN(share)) return [];
      return score.given / score.maximum < share === (this.side === 'below') ? [`${pupil.givenName} ${pupil.familyName}`] : [];
    });
  }

  async #make(): Promise<void> {
    if (this.board === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      const { classId, pupils } = await myway.post('/assignments/:id/groups', {
        params: { id: this.board.assignment.id },
        body: { name: this.name.trim(), stepId: this.stepId, share: this.#share, side: this.side },
      });
      notify({
        kind: 'success',
        text: this.t('group.made', { name: this.name.trim(), count: pupils }),
        action: { label: this.t('group.open'), run: () => void navigate(`/klassen/${classId}`) },
      });
      this.emit('il-close');
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const meant = this.#meant;
    const value = (event: Event) => (event.target as HTMLInputElement).value ?? '';
    return html`
      <il-dialog heading=${this.t('group.heading')} ?open=${this.board !== undefined}>
        <div class="stack">
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <wa-select .label=${this.t('group.step')} .value=${this.stepId} @change=${(event: Event) => (this.stepId = value(event))}>
            ${this.board?.steps.map((step, index) => html`<wa-option value=${step.id}>${index + 1}. ${step.title}</wa-option>`) ?? nothing}
          </wa-select>
          <wa-radio-group
            .label=${this.t('group.who')}
            .value=${this.side}
            @change=${(event: Event) => (this.side = value(event) as 'below' | 'from')}
          >
            <wa-radio value="below">${this.t('group.below')}</wa-radio>
            <wa-radio value="from">${this.t('group.from')}</wa-radio>
          </wa-radio-group>
          <wa-input
            inputmode="decimal"
            autocomplete="off"
            .label=${this.t('group.percent')}
            .value=${this.percent}
            @input=${(event: Event) => (this.percent = value(event))}
          ></wa-input>
          <p role="status">${meant.length === 0 ? this.t('group.nobody') : this.t('group.meant', { count: meant.length, names: meant.join(', ') })}</p>
          <wa-input
            required
            maxlength="100"
            autocomplete="off"
            .label=${this.t('group.name')}
            .hint=${this.t('group.nameHint')}
            .value=${this.name}
            @input=${(event: Event) => (this.name = value(event))}
          ></wa-input>
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
        <wa-button
          slot="footer"
          appearance="accent"
          variant="brand"
          ?disabled=${meant.length === 0 || this.name.trim() === ''}
          ?loading=${this.busy}
          @click=${this.#make}
        >${this.t('group.make')}</wa-button>
      </il-dialog>
    `;
  }
}
