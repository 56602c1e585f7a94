import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { interfaceLanguage } from '../../documents/interface-language.js';
import type { knowledgeRoutes } from '../routes.js';

type Work = Answer<typeof knowledgeRoutes, 'GET', '/articles/worklist'>;
type Listed = Answer<typeof knowledgeRoutes, 'GET', '/articles'>['articles'][number];

/** `/helpdesk/artikels`: what writers have to look at, and all articles. */
@customElement('helpdesk-articles-page')
export class ArticlesPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      .work {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
        gap: var(--il-space-5);
        margin-block-end: var(--il-space-6);
      }
      .work h2 {
        margin: 0 0 var(--il-space-2);
        font-size: var(--il-text-m);
      }
      .work ul {
        margin: 0;
      }
      .row a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
      }
    `,
  ];

  @state() private q = '';
  readonly #pause = new TypingPause(this);

  readonly #work = new Task(this, {
    task: (_, { signal }) => helpdesk.get('/articles/worklist', { signal }),
    args: () => [] as const,
  });
  readonly #articles = new Task(this, {
    task: ([q], { signal }) => helpdesk.get('/articles', { query: { q, limit: 100 }, signal }),
    args: () => [this.q] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('knowledge.desk.title')}>
        <wa-button slot="actions" variant="brand" href="/helpdesk/artikels/nieuw">${this.t('knowledge.desk.new')}</wa-button>
        <wa-button slot="actions" appearance="outlined" href=${`/hulp?taal=${interfaceLanguage()}`}>${this.t('knowledge.desk.read')}</wa-button>
      </il-page-head>
      ${this.#work.render({
        complete: (work) => this.#worklist(work),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#work.run()}></il-problem>`,
      })}
      <div class="toolbar">
        <wa-input
          type="search"
          label=${this.t('knowledge.desk.search')}
          @input=${(event: Event) => this.#pause.after(() => this.#search((event.target as HTMLInputElement).value))}
        ></wa-input>
      </div>
      ${this.#articles.render({
        pending: () => (this.#articles.value ? this.#list(this.#articles.value) : html`<il-skeleton lines="8"></il-skeleton>`),
        complete: (found) => this.#list(found),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#articles.run()}></il-problem>`,
      })}
    </div>`;
  }

  #search(q: string): void {
    this.q = q.trim();
  }

  #worklist({ inReview, stale, lowRated, unanswered }: Work) {
    const parts = [
      this.#part('inReview', inReview, (each) => this.#link(each, this.t(`languages.${each.language}`))),
      this.#part('stale', stale, (each) => this.#link(each, each.reviewBy)),
      this.#part('lowRated', lowRated, (each) =>
        this.#link(each, this.t('knowledge.desk.votes', { helped: each.helped, total: each.helped + each.notHelped })),
      ),
      this.#part(
        'unanswered',
        unanswered,
        (each) =>
          html`<span class="grow">${each.words}</span><span class="small muted">${this.t('knowledge.desk.times', { count: each.times })}</span>`,
      ),
    ];
    if (parts.every((part) => part === nothing)) return html`<p class="muted">${this.t('knowledge.desk.nothing')}</p>`;
    return html`<div class="work">${parts}</div>`;
  }

  #part<T>(name: string, rows: readonly T[], row: (each: T) => unknown) {
    if (rows.length === 0) return nothing;
    return html`<section class="panel" aria-labelledby=${name}>
      <h2 id=${name}>${this.t(`knowledge.desk.${name}`)}</h2>
      <ul class="list">
        ${rows.map((each) => html`<li class="row">${row(each)}</li>`)}
      </ul>
    </section>`;
  }

  #link({ id, title }: { id: string; title: string }, detail: string) {
    return html`<span class="grow"><a href=${`/helpdesk/artikels/${id}`}>${title}</a></span><span class="small muted">${detail}</span>`;
  }

  #list({ articles, more }: { articles: Listed[]; more: boolean }) {
    if (articles.length === 0) return html`<p class="muted" role="status">${this.t('knowledge.desk.none')}</p>`;
    return html`<ul class="list">
        ${articles.map(
          ({ id, title, audience, topic, states }) => html`<li class="row">
            <span class="grow">
              <a href=${`/helpdesk/artikels/${id}`}>${title}</a><br />
              <span class="small muted"
                >${this.t(`knowledge.topic.${topic}`)} · ${this.t(`knowledge.audience.${audience}`)} ·
                ${states.map(({ language, state }) => `${language}: ${this.t(`knowledge.state.${state}`)}`).join(', ')}</span
              >
            </span>
          </li>`,
        )}
      </ul>
      <il-truncated ?more=${more} shown=${articles.length}></il-truncated>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-articles-page': ArticlesPage;
  }
}
