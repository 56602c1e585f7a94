import { formatMinutes, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DraftStep } from './draft.js';
import { kindIcons } from './kinds.js';
import { warningOf } from './step-list.js';

/**
 * Details of one step of a path: title, the teacher's note, required or optional.
 * @fires myway-change - the changes to the step
 * @fires myway-replace - replace its activity
 * @fires myway-try - open its activity in the tool, with the activity's id
 * @fires myway-remove - remove it from the path
 */
@customElement('myway-step-inspector')
export class StepInspector extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--il-space-1) var(--il-space-4);
      }
      dt {
        color: var(--il-ink-soft);
      }
      .warning {
        display: grid;
        gap: var(--il-space-3);
        justify-items: start;
        padding: var(--il-space-3) var(--il-space-4);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
      }
    `,
  ];

  @property({ attribute: false }) step: DraftStep | undefined;

  #change(change: Partial<Pick<DraftStep, 'title' | 'note' | 'required'>>): void {
    this.emit('myway-change', change);
  }

  override render() {
    const { step } = this;
    if (step === undefined) return nothing;
    const warning = warningOf(step);
    return html`
      <div class="stack">
        <h2>${this.t('inspector.heading')}</h2>
        ${
          warning
            ? html`<div class="warning">
              <p>${this.t(`inspector.${warning}`)}</p>
              <wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-replace')}>${this.t('inspector.replace')}</wa-button>
            </div>`
            : nothing
        }
        <wa-input
          maxlength="200"
          .label=${this.t('inspector.title')}
          .hint=${this.t('inspector.titleHint')}
          .placeholder=${step.shownTitle}
          .value=${step.title ?? ''}
          @input=${(event: Event) => this.#change({ title: (event.target as HTMLInputElement).value ?? '' })}
        ></wa-input>
        <wa-textarea
          rows="4"
          resize="auto"
          maxlength="2000"
          .label=${this.t('inspector.note')}
          .hint=${this.t('inspector.noteHint')}
          .value=${step.note}
          @input=${(event: Event) => this.#change({ note: (event.target as HTMLTextAreaElement).value ?? '' })}
        ></wa-textarea>
        <wa-switch
          .checked=${step.required}
          .hint=${this.t('inspector.requiredHint')}
          @change=${(event: Event) => this.#change({ required: (event.target as HTMLInputElement).checked })}
        >${this.t('inspector.required')}</wa-switch>
        <slot></slot>
        <slot name="place"></slot>
        <dl class="small">
          ${
            step.kind === null
              ? nothing
              : html`<dt>${this.t('inspector.kind')}</dt>
                <dd><il-icon name=${kindIcons[step.kind]}></il-icon> ${this.t(`kind.${step.kind}`)}</dd>`
          }
          ${step.provider ? html`<dt>${this.t('inspector.provider')}</dt><dd>${step.provider}</dd>` : nothing}
          ${step.minutes === null ? nothing : html`<dt>${this.t('inspector.minutes')}</dt><dd>${formatMinutes(step.minutes)}</dd>`}
        </dl>
        <div class="actions">
          ${
            step.kind === null || step.activityId === null
              ? nothing
              : html`<wa-button size="s" appearance="outlined" href="/bibliotheek/${step.activityId}">${this.t('inspector.look')}</wa-button>`
          }
          ${
            step.kind === 'lti' && !warning
              ? html`<wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-try', step.activityId)}>${this.t('inspector.try')}</wa-button>`
              : nothing
          }
          ${
            warning || step.activityId === null
              ? nothing
              : html`<wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-replace')}>${this.t('inspector.replace')}</wa-button>`
          }
          <wa-button size="s" appearance="plain" @click=${() => this.emit('myway-remove')}>
            <il-icon slot="start" name="trash-2"></il-icon>${this.t('inspector.remove')}
          </wa-button>
        </div>
      </div>
    `;
  }
}
