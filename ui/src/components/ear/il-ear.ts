import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { language } from '../../base/i18n.js';
import { PortalElement } from '../../base/portal-element.js';
import { sharedStyles } from '../../styles/shared-styles.js';
import { hush, say, voiceFor, watchVoices } from './speech.js';

/**
 * A button that reads a text aloud with a voice of the device, for children who do not read yet. It is hidden where the device has no voice
 * for the language. It stops when it is pressed again, another one speaks, or the page is left.
 */
@customElement('il-ear')
export class IlEar extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: inline-block;
      }
      button {
        display: inline-grid;
        place-items: center;
        width: var(--il-target);
        height: var(--il-target);
        padding: 0;
        color: var(--il-ink);
        font-size: 1.5rem;
        background: var(--il-surface);
        border: 2px solid var(--il-edge);
        border-radius: 50%;
        cursor: pointer;
      }
      button:hover {
        background: var(--il-hover);
      }
      button[aria-pressed='true'] {
        color: var(--il-paper);
        background: var(--il-ink);
        border-color: var(--il-ink);
      }
      @media (forced-colors: active) {
        button[aria-pressed='true'] {
          color: HighlightText;
          background: Highlight;
          forced-color-adjust: none;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  /** What is read aloud. */
  @property() text = '';

  /** Instead of `text`: gives the words when the button is pressed. */
  @property({ attribute: false }) read: (() => string) | undefined;

  /** Language of the text (BCP 47); without it, the interface's. */
  @property() language: string | null | undefined;

  /** What the button reads, for its name: the title of a step. */
  @property() label = '';

  @state() private speaking = false;
  @state() private voice: SpeechSynthesisVoice | undefined;

  #stopWatching: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatching = watchVoices(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopWatching?.();
    if (this.speaking) hush();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    this.voice = voiceFor(this.language || language.value);
    this.hidden = this.voice === undefined || (this.text.trim() === '' && this.read === undefined);
    if (this.speaking && changed.has('text') && changed.get('text') !== undefined) hush();
  }

  #press(): void {
    if (this.speaking) {
      hush();
      return;
    }
    if (this.voice === undefined) return;
    say(this.read?.() ?? this.text, this.voice, () => {
      this.speaking = false;
    });
    this.speaking = true;
  }

  override render() {
    if (this.voice === undefined) return nothing;
    const name = this.label === '' ? this.t('ear.listen') : this.t('ear.listenTo', { label: this.label });
    return html`<button type="button" aria-label=${name} title=${this.t(this.speaking ? 'ear.stop' : 'ear.listen')} aria-pressed=${String(this.speaking)} @click=${this.#press}>
      <il-icon name=${this.speaking ? 'square' : 'volume-2'}></il-icon>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-ear': IlEar;
  }
}
