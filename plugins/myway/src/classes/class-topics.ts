import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { TopicList } from './model.js';
import { topicTableStyles, topicTables } from './topic-table.js';

/** In the slot `directory.class-content`: what a class did for each onderwijsdoel and topic. Loaded when it is asked for. */
@customElement('myway-class-topics')
export class ClassTopics extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    topicTableStyles,
    css`
      section {
        display: grid;
        gap: var(--il-space-3);
      }
      h3 {
        font-size: var(--il-text-m);
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'directory.class-content'> | undefined;

  @state() private list: TopicList | undefined;
  @state() private open = false;
  @state() private problem: unknown;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('context') as typeof this.context;
    if (!changed.has('context') || before?.id === this.context?.id) return;
    this.list = undefined;
    this.open = false;
  }

  async #toggle(): Promise<void> {
    this.open = !this.open;
    const id = this.context?.id;
    if (!this.open || this.list !== undefined || id === undefined) return;
    try {
      const list = await myway.get('/classes/:id/topics', { params: { id } });
      if (id === this.context?.id) this.list = list;
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  override render() {
    return html`<section aria-labelledby="topics">
      <h2 id="topics">${this.t('topics.heading')}</h2>
      <div>
        <wa-button size="s" appearance="outlined" aria-expanded=${this.open} @click=${() => this.#toggle()}>
          ${this.t(this.open ? 'topics.hide' : 'topics.show')}
        </wa-button>
      </div>
      ${this.open ? this.#content() : nothing}
    </section>`;
  }

  #content() {
    const { list } = this;
    if (this.problem) return html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>`;
    if (list === undefined) return html`<il-skeleton lines="4"></il-skeleton>`;
    if (list.topics.length === 0) return html`<p class="muted">${this.t('topics.none')}</p>`;
    return html`${topicTables(this, list.topics, true)}<il-truncated ?more=${list.more} shown=${list.topics.length}></il-truncated>`;
  }
}
