import type { Answer } from '@ilearn/core';
import { type ApiProblem, confirmDialog, guardLeaving, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { knowledgeRoutes } from '../routes.js';
import type { ArticleAction } from '../states.js';
import { type ArticleDetails, agreesToAudience, firstDetails } from './article-details.js';

type Article = Answer<typeof knowledgeRoutes, 'GET', '/articles/:id'>;
type Revision = Article['revisions'][number];
type Language = Revision['language'];

const languages: Language[] = ['nl', 'en', 'fr'];
const blank = { title: '', summary: '', body: '' };
const working = (article: Article | undefined, language: Language): Revision | undefined =>
  article?.revisions.find((each) => each.language === language && (each.state === 'draft' || each.state === 'review'));
const published = (article: Article | undefined, language: Language): Revision | undefined =>
  article?.revisions.find((each) => each.language === language && each.state === 'published');

/** `/helpdesk/artikels/nieuw` and `/helpdesk/artikels/:id`: the draft in a language, with what is published beside it. */
@customElement('helpdesk-article-edit-page')
export class ArticleEditPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
      }
      .sides {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
        gap: var(--il-space-6);
        align-items: start;
      }
      wa-textarea::part(textarea) {
        font-family: var(--il-font-family-code);
      }
      h2 {
        margin: 0 0 var(--il-space-3);
        font-size: var(--il-text-l);
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};
  @state() private article: Article | undefined;
  @state() private language: Language = 'nl';
  @state() private draft = { ...blank };
  @state() private details: ArticleDetails = firstDetails;
  @state() private problem: unknown;
  @state() private titleError = '';
  @query('input[type=file]') private picker!: HTMLInputElement;

  #dirty = false;
  #stopGuard: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopGuard = guardLeaving(() => this.#dirty);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopGuard?.();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('params')) void this.#load();
  }

  async #load(): Promise<void> {
    const id = this.params['id'];
    this.problem = undefined;
    if (id === undefined) return;
    try {
      this.article = await helpdesk.get('/articles/:id', { params: { id } });
      const { audience, topic, tools, reviewBy } = this.article;
      this.details = { audience, topic, tools, reviewBy };
      this.#show(this.language);
    } catch (problem) {
      this.problem = problem;
    }
  }

  #show(language: Language): void {
    this.language = language;
    const { title, summary, body } = working(this.article, language) ?? published(this.article, language) ?? blank;
    this.draft = { title, summary, body };
    this.#dirty = false;
  }

  override render() {
    const isNew = this.params['id'] === undefined;
    const loading = !isNew && this.article === undefined;
    return html`<div class="page">
      <il-page-head
        heading=${isNew ? this.t('knowledge.edit.newTitle') : this.draft.title || this.t('knowledge.edit.title')}
        .back=${{ href: '/helpdesk/artikels', text: this.t('knowledge.desk.title') }}
      ></il-page-head>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem} @retry=${() => this.#load()}></il-problem>`}
      ${loading ? (this.problem === undefined ? html`<il-skeleton lines="8"></il-skeleton>` : nothing) : this.#page(isNew)}
    </div>`;
  }

  #page(isNew: boolean) {
    const before = published(this.article, this.language);
    return html`
      <helpdesk-article-details
        .article=${this.article}
        .details=${this.details}
        @il-change=${(event: CustomEvent<ArticleDetails>) => this.#keepDetails(event.detail)}
      ></helpdesk-article-details>
      <wa-radio-group
        orientation="horizontal"
        label=${this.t('knowledge.edit.language')}
        .value=${this.language}
        @change=${(event: Event) => this.#changeLanguage((event.target as HTMLInputElement).value as Language)}
      >
        ${languages.map((each) => html`<wa-radio appearance="button" value=${each}>${this.t(`languages.${each}`)}</wa-radio>`)}
      </wa-radio-group>
      <div class="sides">
        ${this.#form(isNew)}
        ${
          before === undefined
            ? nothing
            : html`<section class="panel" aria-labelledby="published" lang=${this.language}>
          <h2 id="published">${this.t('knowledge.edit.published')}</h2>
          <p class="strong">${before.title}</p>
          <p>${before.summary}</p>
          <il-markdown .source=${before.body} heading-level="3"></il-markdown>
          <div class="actions">
            <wa-button appearance="outlined" href=${`/hulp/${this.article?.slug}?taal=${this.language}`} target="_blank">${this.t('knowledge.edit.open')}</wa-button>
            <wa-button appearance="plain" @click=${() => this.#act('archive')}>${this.t('knowledge.action.archive')}</wa-button>
          </div>
        </section>`
        }
      </div>
    `;
  }

  #form(isNew: boolean) {
    const state = working(this.article, this.language)?.state;
    const inReview = state === 'review';
    const field = (name: keyof typeof blank) => (event: Event) =>
      this.#type({ [name]: (event.target as HTMLInputElement).value });
    return html`<form @submit=${this.#save} novalidate lang=${this.language}>
      <h2>${this.t('knowledge.edit.draft')} <span class="small muted">${this.t(`knowledge.state.${state ?? 'none'}`)}</span></h2>
      <wa-input
        name="title"
        label=${this.t('knowledge.edit.titleField')}
        hint=${this.titleError}
        maxlength="150"
        required
        ?disabled=${inReview}
        .value=${this.draft.title}
        @input=${field('title')}
      ></wa-input>
      <wa-textarea
        label=${this.t('knowledge.edit.summary')}
        rows="2"
        maxlength="300"
        ?disabled=${inReview}
        .value=${this.draft.summary}
        @input=${field('summary')}
      ></wa-textarea>
      <wa-textarea
        name="body"
        label=${this.t('knowledge.edit.body')}
        hint=${this.t('knowledge.edit.bodyHint')}
        rows="18"
        maxlength="40000"
        ?disabled=${inReview}
        .value=${this.draft.body}
        @input=${field('body')}
      ></wa-textarea>
      <div class="actions">
        ${inReview ? this.#reviewing() : this.#drafting(isNew, state)}
        ${
          state === undefined
            ? nothing
            : html`<wa-button appearance="plain" target="_blank" href=${`/api/helpdesk/articles/${this.article?.id}/drafts/${this.language}/page`}
                >${this.t('knowledge.edit.preview')}</wa-button
              >`
        }
      </div>
    </form>`;
  }

  #reviewing() {
    return html`<wa-button variant="brand" @click=${() => this.#act('publish')}>${this.t('knowledge.action.publish')}</wa-button>
      <wa-button appearance="outlined" @click=${() => this.#act('return')}>${this.t('knowledge.action.return')}</wa-button>`;
  }

  #drafting(isNew: boolean, state: string | undefined) {
    return html`<wa-button type="submit" variant="brand">${this.t('knowledge.edit.save')}</wa-button>
      ${state === 'draft' ? html`<wa-button appearance="outlined" @click=${() => this.#act('submit')}>${this.t('knowledge.action.submit')}</wa-button>` : nothing}
      ${
        isNew
          ? nothing
          : html`<wa-button appearance="outlined" @click=${() => this.picker.click()}>${this.t('knowledge.edit.picture')}</wa-button>
              <input
                type="file"
                hidden
                accept="image/jpeg,image/png,image/webp,image/gif"
                aria-label=${this.t('knowledge.edit.picture')}
                @change=${this.#addPicture}
              />`
      }`;
  }

  #keepDetails(details: ArticleDetails): void {
    this.details = details;
  }

  #type(change: Partial<typeof blank>): void {
    this.#dirty = true;
    this.draft = { ...this.draft, ...change };
  }

  async #changeLanguage(language: Language): Promise<void> {
    const leaves =
      !this.#dirty ||
      (await confirmDialog({ title: this.t('knowledge.edit.unsaved'), confirm: this.t('knowledge.edit.leave'), danger: true }));
    this.#dirty = this.#dirty && !leaves;
    if (leaves) this.#show(language);
    else this.requestUpdate();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.titleError = this.draft.title.trim() === '' ? this.t('knowledge.edit.titleMissing') : '';
    if (this.titleError !== '') {
      this.renderRoot.querySelector<HTMLElement>('[name=title]')?.focus();
      return;
    }
    const { article, language, draft } = this;
    if (article === undefined) {
      await this.#change(async () => {
        const { id } = await helpdesk.post('/articles', { body: { ...this.details, language, ...draft } });
        this.#dirty = false;
        await navigate(`/helpdesk/artikels/${id}`, { replace: true });
      }, this.t('knowledge.edit.saved'));
      return;
    }
    const version = working(article, language)?.version ?? null;
    await this.#change(
      () => helpdesk.put('/articles/:id/drafts/:language', { params: { id: article.id, language }, body: { ...draft, version } }),
      this.t('knowledge.edit.saved'),
    );
  }

  async #act(action: ArticleAction): Promise<void> {
    const { article, language } = this;
    if (article === undefined) return;
    if (this.#dirty) {
      notify({ kind: 'error', text: this.t('knowledge.edit.saveFirst') });
      return;
    }
    const confirmAudience =
      action === 'publish' &&
      this.details.audience === 'public' &&
      (await agreesToAudience((key) => this.t(key), this.details.audience));
    if (action === 'publish' && this.details.audience === 'public' && !confirmAudience) return;
    const params = { id: article.id, language };
    await this.#change(
      () => helpdesk.post('/articles/:id/drafts/:language/actions', { params, body: { action, confirmAudience } }),
      this.t(`knowledge.done.${action}`),
    );
  }

  async #addPicture(): Promise<void> {
    const [picture] = this.picker.files ?? [];
    const { article } = this;
    if (picture === undefined || article === undefined) return;
    const form = new FormData();
    form.set('picture', picture);
    try {
      const { address } = await helpdesk.post('/articles/:id/pictures', { params: { id: article.id }, body: form as never });
      this.#type({ body: `${this.draft.body}\n\n![${this.t('knowledge.edit.pictureWords')}](${address})\n` });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
    this.picker.value = '';
  }

  async #change(call: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await call();
      this.#dirty = false;
      notify({ kind: 'success', text: done });
      await this.#load();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-article-edit-page': ArticleEditPage;
  }
}
