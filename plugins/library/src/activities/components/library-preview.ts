import { foreignLanguage, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ActivityContent } from '../../exports.js';

/** Shows what a pupil would see or where the activity would lead. */
@customElement('library-preview')
export class LibraryPreview extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      .away {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--il-space-2) var(--il-space-4);
        align-items: start;
      }
      .away > il-icon {
        margin-top: 0.15em;
        font-size: 1.5rem;
      }
      .away > div {
        display: grid;
        gap: var(--il-space-3);
        justify-items: start;
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) content!: ActivityContent;

  @property() provider = '';

  /** Language of the activity. */
  @property() language = '';

  override render() {
    const { content } = this;
    if (content.kind === 'text')
      return html`<il-markdown lang=${foreignLanguage(content.language ?? this.language)} .source=${content.markdown ?? ''} heading-level="3"></il-markdown>`;
    if (content.kind === 'link') return this.#link(content.url ?? '');
    return html`<div class="away">
      <il-icon name="puzzle"></il-icon>
      <div>
        <p>${this.t('preview.lti', { provider: this.provider })}</p>
        <p class="muted">${this.t('preview.score', { maximum: content.lti?.scoreMaximum ?? 0 })}</p>
      </div>
    </div>`;
  }

  #link(url: string) {
    const isPage = url.startsWith('/');
    const host = URL.canParse(url) ? new URL(url).host : '';
    return html`<div class="away">
      <il-icon name="external-link"></il-icon>
      <div>
        <p>${isPage ? this.t('preview.page') : this.t('preview.link', { host })}</p>
        <p><a href=${url} target="_blank" rel="noopener noreferrer">${this.t(isPage ? 'preview.openPage' : 'preview.open')}</a></p>
        <code class="small muted">${url}</code>
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-preview': LibraryPreview;
  }
}
