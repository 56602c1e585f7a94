import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import { type Ground, grounds } from '../../restrictions/restriction.js';
import { type RequestAction, type RequestKind, type RequestState, transitionOf } from '../states.js';

/** Asks what has to be written with a transition, and carries it out. Fires `privacy-acted` and `il-close`. */
@customElement('privacy-action-dialog')
export class ActionDialog extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      .form {
        display: grid;
        gap: var(--il-space-4);
      }
    `,
  ];

  @property({ attribute: false }) action!: RequestAction;
  @property({ attribute: false }) request!: { id: string; state: RequestState; kind: RequestKind; objectsTo: string[] };

  @state() private text = '';
  @state() private ground: Ground = 'accuracy';
  @state() private busy = false;

  override render() {
    const needs = transitionOf(this.action, this.request.state)?.needs ?? null;
    return html`<il-dialog heading=${this.t(`requests.actions.${this.action}`)} open @il-close=${() => this.emit('il-close')}>
      <div class="form">
        <p>${this.t(`requests.explain.${this.action}`)}</p>
        ${this.action === 'grant' ? this.#carriedOut() : nothing}
        ${
          needs === null
            ? nothing
            : html`<wa-textarea
                label=${this.t(`requests.needs.${needs}`)}
                hint=${this.t(`requests.needs.${needs}Hint`)}
                rows="4"
                maxlength=${needs === 'identity' ? 500 : 2000}
                .value=${this.text}
                @input=${(event: Event) => this.#type((event.target as HTMLTextAreaElement).value)}
              ></wa-textarea>`
        }
      </div>
      <wa-button
        slot="footer"
        variant="brand"
        ?loading=${this.busy}
        ?disabled=${needs !== null && this.text.trim() === ''}
        @click=${() => this.#save(needs)}
      >
        ${this.t(`requests.actions.${this.action}`)}
      </wa-button>
    </il-dialog>`;
  }

  /** What the portal does at once when the request is granted. */
  #carriedOut() {
    const { kind, objectsTo } = this.request;
    if (kind === 'objection') {
      return objectsTo.length === 0
        ? html`<p>${this.t('requests.byPeople')}</p>`
        : html`<p>${this.t('requests.objectsTo', { purposes: objectsTo.join(', ') })}</p>`;
    }
    if (kind !== 'restriction') return nothing;
    return html`<wa-radio-group
      label=${this.t('restriction.ground')}
      hint=${this.t('requests.restricts')}
      .value=${this.ground}
      @change=${(event: Event) => this.#choose((event.target as HTMLInputElement).value as Ground)}
    >
      ${grounds.map((each) => html`<wa-radio value=${each}>${this.t(`restriction.grounds.${each}`)}</wa-radio>`)}
    </wa-radio-group>`;
  }

  #choose(ground: Ground): void {
    this.ground = ground;
  }

  #type(text: string): void {
    this.text = text;
  }

  async #save(needs: 'identity' | 'reason' | 'answer' | null): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const restricts = this.action === 'grant' && this.request.kind === 'restriction';
      const written = { ...(needs === null ? {} : { [needs]: this.text }), ...(restricts ? { ground: this.ground } : {}) };
      const body = { action: this.action, ...written };
      await privacy.post('/requests/:id/actions', { params: { id: this.request.id }, body });
      notify({ kind: 'success', text: this.t(`requests.done.${this.action}`) });
      this.emit('privacy-acted');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-action-dialog': ActionDialog;
  }
}
