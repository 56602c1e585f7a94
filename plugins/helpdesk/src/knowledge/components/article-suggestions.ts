import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { interfaceLanguage } from '../../documents/interface-language.js';
import type { readerRoutes } from '../reader-routes.js';

type Suggestions = Answer<typeof readerRoutes, 'GET', '/suggestions'>['articles'];

/** Articles that may answer what somebody is writing. Hidden while there are none. */
@customElement('helpdesk-article-suggestions')
export class ArticleSuggestions extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      :host([hidden]) {
        display: none;
      }
      h2 {
        margin: 0 0 var(--il-space-2);
        font-size: var(--il-text-m);
      }
      a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        font-weight: 600;
      }
      ul {
        margin: 0;
      }
    `,
  ];

  /** What somebody has written so far. */
  @property() text = '';
  /** Key of the tool that it is about. */
  @property() tool: string | null = null;
  @state() private articles: Suggestions = [];

  readonly #pause = new TypingPause(this);
  #asked = 0;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text') || changed.has('tool')) this.#pause.after(() => void this.#load());
    this.hidden = this.articles.length === 0;
  }

  async #load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const text = this.text.slice(0, 1000);
    if (text.trim().length < 3 && !this.tool) {
      this.articles = [];
      return;
    }
    try {
      const language = interfaceLanguage();
      const query = { text, language, ...(this.tool ? { tool: this.tool } : {}) };
      const { articles } = await helpdesk.get('/suggestions', { query });
      if (asked === this.#asked) this.articles = articles;
    } catch {
      // Without suggestions the question can still be asked.
      if (asked === this.#asked) this.articles = [];
    }
  }

  override render() {
    if (this.articles.length === 0) return nothing;
    return html`<section class="panel" aria-label=${this.t('knowledge.suggestions.title')}>
      <h2>${this.t('knowledge.suggestions.title')}</h2>
      <ul class="list" aria-live="polite">
        ${this.articles.map(
          ({ slug, title, summary, language }) => html`<li lang=${language}>
            <a href=${`/hulp/${slug}?taal=${interfaceLanguage()}`} target="_blank">${title}</a><br />
            <span class="small muted">${summary}</span>
          </li>`,
        )}
      </ul>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-article-suggestions': ArticleSuggestions;
  }
}
