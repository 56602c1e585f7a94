import type { Answer } from '@ilearn/core';
import { type ApiProblem, confirmDialog, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { type Audience, audiences, isWider } from '../audiences.js';
import type { knowledgeRoutes } from '../routes.js';
import { type ArticleTopic, articleTopics } from '../topics.js';

type Article = Answer<typeof knowledgeRoutes, 'GET', '/articles/:id'>;

/** What holds for an article in all its languages. */
export interface ArticleDetails {
  audience: Audience;
  topic: ArticleTopic;
  /** Keys of tools. */
  tools: string[];
  /** `2027-03-29` */
  reviewBy: string | null;
}

/** Of an article that is not there yet. */
export const firstDetails: ArticleDetails = { audience: 'staff', topic: 'paths', tools: [], reviewBy: null };

/** Asks whether so many people may read it. */
export const agreesToAudience = (t: (key: string) => string, audience: Audience): Promise<boolean> =>
  confirmDialog({
    title: t('knowledge.confirm.title'),
    text: t(`knowledge.confirm.${audience}`),
    confirm: t('knowledge.confirm.yes'),
  });

/** Audience, topic, tools and day of review. Stored at once, except of an article that is not there yet; `il-change` has what holds now. */
@customElement('helpdesk-article-details')
export class ArticleDetailsFields extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
        gap: var(--il-space-4);
        align-items: start;
        margin-block-end: var(--il-space-5);
      }
    `,
  ];

  /** Undefined: it is not there yet. */
  @property({ attribute: false }) article: Article | undefined;
  @property({ attribute: false }) details: ArticleDetails = firstDetails;

  override render() {
    return html`${this.#select('audience', audiences)} ${this.#select('topic', articleTopics)}
      <wa-input
        label=${this.t('knowledge.edit.tools')}
        hint=${this.t('knowledge.edit.toolsHint')}
        .value=${this.details.tools.join(', ')}
        @change=${(event: Event) => this.#setTools((event.target as HTMLInputElement).value)}
      ></wa-input>
      <wa-input
        type="date"
        label=${this.t('knowledge.edit.reviewBy')}
        .value=${this.details.reviewBy ?? ''}
        @change=${(event: Event) => this.#set({ reviewBy: (event.target as HTMLInputElement).value || null })}
      ></wa-input>`;
  }

  #select(name: 'audience' | 'topic', values: readonly string[]) {
    return html`<wa-select
      label=${this.t(`knowledge.edit.${name}`)}
      .value=${this.details[name]}
      @change=${(event: Event) => this.#set({ [name]: (event.target as HTMLSelectElement).value } as never)}
    >
      ${values.map((value) => html`<wa-option value=${value}>${this.t(`knowledge.${name}.${value}`)}</wa-option>`)}
    </wa-select>`;
  }

  #setTools(text: string): Promise<void> {
    const tools = text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
    return this.#set({ tools: [...new Set(tools)].slice(0, 20) });
  }

  /** Asks first when more people would read what is published. */
  async #set(change: Partial<ArticleDetails>): Promise<void> {
    const before = this.details;
    this.#show({ ...before, ...change });
    const { article } = this;
    if (article === undefined) return;
    const isPublished = article.revisions.some(({ state }) => state === 'published');
    const widens = isPublished && isWider(before.audience, this.details.audience);
    const confirmAudience = widens && (await agreesToAudience((key) => this.t(key), this.details.audience));
    if (widens && !confirmAudience) {
      this.#show(before);
      return;
    }
    try {
      await helpdesk.put('/articles/:id', { params: { id: article.id }, body: { ...this.details, confirmAudience } });
      notify({ kind: 'success', text: this.t('knowledge.edit.saved') });
    } catch (problem) {
      this.#show(before);
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
  }

  #show(details: ArticleDetails): void {
    this.details = details;
    this.emit('il-change', details);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-article-details': ArticleDetailsFields;
  }
}
