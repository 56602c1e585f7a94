import { foreignLanguage, formatMinutes, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourOf } from '../client/line.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { Preview } from './model.js';
import { stationsOfTrail } from './stations.js';

/**
 * Shows a path as a pupil sees it at the start.
 * @fires il-close - closed
 */
@customElement('myway-preview-dialog')
export class PreviewDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property() pathId = '';

  @property({ type: Boolean }) open = false;

  @state() private preview: Preview | undefined;
  @state() private problem: unknown;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open') && this.open) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.preview = undefined;
      this.preview = await myway.get('/paths/:id/preview', { params: { id: this.pathId } });
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  override render() {
    return html`
      <il-dialog heading=${this.t('preview.heading')} ?open=${this.open}>
        <div class="stack">
          <p class="muted">${this.t('preview.intro')}</p>
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : this.#trail()}
        </div>
        <wa-button slot="footer" appearance="outlined" @click=${() => this.emit('il-close')}>${this.t('close')}</wa-button>
      </il-dialog>
    `;
  }

  #trail() {
    const preview = this.preview;
    if (preview === undefined) return html`<il-skeleton lines="4"></il-skeleton>`;
    if (preview.steps.length === 0) return html`<p>${this.t('preview.empty')}</p>`;
    const next = preview.steps.find((step) => step.next);
    return html`
      <h3 lang=${foreignLanguage(preview.language)}>${preview.title}</h3>
      ${preview.description ? html`<p lang=${foreignLanguage(preview.language)}>${preview.description}</p>` : nothing}
      <il-line
        size="large"
        color=${colourOf(preview.area)}
        label=${preview.title}
        .stations=${stationsOfTrail(this, preview.steps)}
      ></il-line>
      ${next ? html`<p class="muted">${this.t('preview.first', { title: next.title, minutes: formatMinutes(next.minutes) })}</p>` : nothing}
    `;
  }
}
