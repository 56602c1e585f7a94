import { foreignLanguage, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { paint, scoreText } from '../client/line.js';
import { isLearner } from './address.js';
import type { Trail, TrailStep } from './model.js';
import { endWords, isScored, toPractise } from './score-words.js';

/**
 * The end of a path: the pupil's name, what was done, and what may be better. Printed, it is a sheet to take home.
 * @fires myway-practise - `{ step }`: practise this step again
 */
@customElement('myway-terminus')
export class Terminus extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--il-space-4);
        padding: var(--il-space-5);
        background: var(--il-surface);
        border: 2px solid var(--il-rule);
        border-block-start: 12px solid var(--line);
        border-radius: var(--il-radius);
      }
      .sign {
        display: flex;
        gap: var(--il-space-4);
        align-items: center;
      }
      .sign > il-icon {
        flex: none;
        padding: var(--il-space-3);
        color: var(--il-line-ink);
        font-size: 2rem;
        background: var(--line);
        border-radius: 50%;
      }
      .sign > div {
        min-width: 0;
      }
      .sign h2 {
        overflow-wrap: anywhere;
      }
      .stamps {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
        padding: 0;
        list-style: none;
      }
      .stamp {
        display: grid;
        gap: var(--il-space-1);
        justify-items: center;
        align-content: center;
        width: 8.5rem;
        min-height: 6.5rem;
        padding: var(--il-space-3);
        text-align: center;
        overflow-wrap: anywhere;
        border: 3px dashed var(--line);
        border-radius: var(--il-radius);
      }
      .stamp il-icon {
        color: var(--line);
        font-size: 1.75rem;
      }
      .stamp.low {
        border-style: dotted;
        border-color: var(--il-edge);
      }
      .stamp.low il-icon {
        color: var(--il-ink-soft);
      }
      .title {
        display: -webkit-box;
        overflow: hidden;
        font-size: var(--il-text-s);
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
      }
      .actions wa-button {
        max-width: 100%;
      }
      .actions wa-button::part(label) {
        white-space: normal;
      }
      @media print {
        .actions {
          display: none;
        }
        section {
          border-inline: 0;
          border-block-end: 0;
          break-inside: auto;
        }
        .stamp {
          break-inside: avoid;
        }
        .title {
          -webkit-line-clamp: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) trail: Trail | undefined;

  override willUpdate(): void {
    if (this.trail) paint(this, this.trail.area);
  }

  override render() {
    const { trail } = this;
    if (trail === undefined) return nothing;
    const practise = toPractise(trail);
    return html`
      <section aria-labelledby="name">
        <div class="sign">
          <il-icon name=${practise ? 'flag' : 'trophy'}></il-icon>
          <div>
            <p class="muted">${this.t('end.heading')} · <span lang=${foreignLanguage(trail.language)}>${trail.title}</span></p>
            <h2 id="name"><bdi>${this.session?.displayName ?? ''}</bdi></h2>
          </div>
        </div>
        <p class="strong" role="status">${endWords(this, trail, isLearner())}</p>
        <ul class="stamps" role="list" aria-label=${this.t('end.stamps')}>
          ${trail.steps.filter((step) => step.state === 'done').map((step) => this.#stamp(step))}
        </ul>
        <div class="actions">
          ${
            practise
              ? html`<wa-button appearance="accent" variant="brand" size="l" @click=${() => this.emit('myway-practise', { step: practise })}>
                <il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('result.again')}
              </wa-button>`
              : nothing
          }
          ${
            isLearner()
              ? nothing
              : html`<wa-button appearance=${practise ? 'outlined' : 'accent'} variant=${practise ? 'neutral' : 'brand'} size="l" href="/mijn-paden">
                ${this.t('end.mine')}
              </wa-button>`
          }
          <wa-button appearance="outlined" size="l" @click=${() => print()}>
            <il-icon slot="start" name="printer"></il-icon>${this.t(isLearner() || this.session?.ageBand === '14+' ? 'end.showOlder' : 'end.show')}
          </wa-button>
        </div>
      </section>
    `;
  }

  #stamp(step: TrailStep) {
    const low = step.low && isScored(step);
    return html`<li class="stamp ${low ? 'low' : ''}">
      <il-icon name=${low ? 'rotate-ccw' : 'badge-check'}></il-icon>
      <span class="title" lang=${foreignLanguage(step.language)}>${step.title}</span>
      ${isScored(step) ? html`<strong class="small">${scoreText(this, step.score)}</strong>` : nothing}
    </li>`;
  }
}
