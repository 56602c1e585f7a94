import {
  ApiProblem,
  foreignLanguage,
  formatMinutes,
  languageName,
  notify,
  PortalElement,
  removed,
  sharedStyles,
} from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { library } from '../../client.js';
import type { ActivityContent } from '../../exports.js';
import { kindMark, kindMarkStyles } from './kind-mark.js';
import { lastSearch } from './last-search.js';
import './library-preview.js';
import './library-tool-facts.js';
import { bodyOf, draftOf } from './draft.js';
import type { ActivityDetail } from './shapes.js';
import { agesOf, licenceBadge } from './words.js';

/** `/bibliotheek/:id`: an activity's facts, concepts and preview. */
@customElement('library-activity-page')
export class LibraryActivityPage extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    kindMarkStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .mark .kind-mark {
        width: 34px;
        height: 34px;
      }
      .columns {
        display: grid;
        gap: var(--il-space-6) var(--il-space-7);
      }
      dl {
        display: grid;
        gap: var(--il-space-3);
      }
      dt {
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      dd ul {
        display: grid;
        gap: var(--il-space-2);
        padding: 0;
        list-style: none;
      }
      .steps {
        letter-spacing: 0.15em;
      }
      .gone {
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
      }
      @container (min-width: 50rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr) 17rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }) => {
      const [activity, content] = await Promise.all([
        library.get('/activities/:id', { params: { id }, signal }),
        library.get('/activities/:id/content', { params: { id }, signal }),
      ]);
      this.emit('il-title', { title: activity.title });
      return { activity, content };
    },
    args: () => [encodeURIComponent(this.params['id'] ?? '')],
  });

  override render() {
    return html`
      <div class="page">
        ${this.#loaded.render({
          pending: () => html`${this.#head(this.t('activity.title'))}<il-skeleton lines="5"></il-skeleton>`,
          complete: ({ activity, content }) => this.#activity(activity, content),
          error: (problem) => html`${this.#head(this.t('activity.title'))}${this.#failed(problem)}`,
        })}
      </div>
    `;
  }

  #head(title: string, lang: string | typeof nothing = nothing, mark: unknown = nothing) {
    return html`
      <il-page-head
        heading=${title}
        heading-lang=${lang}
        .back=${{ href: lastSearch(), text: this.t('search.title') }}
      >${mark === nothing ? nothing : html`<span slot="mark" class="mark">${mark}</span>`}</il-page-head>
    `;
  }

  #failed(problem: unknown) {
    // Retrying does not help if the activity does not exist.
    const gone = problem instanceof ApiProblem && [400, 404].includes(problem.status);
    if (gone) return html`<il-problem .problem=${new ApiProblem(404, {}, 'GET')}></il-problem>`;
    return html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`;
  }

  #activity(activity: ActivityDetail, content: ActivityContent) {
    const { id, title, description, available, mayChange } = activity;
    const about = description.trim() !== '' && description.trim() !== title.trim() ? description : '';
    const lang = foreignLanguage(activity.language);
    return html`
      ${this.#head(title, lang, kindMark(activity))}
      ${available ? nothing : html`<p class="gone">${activity.licence?.allowed === false ? this.t(`licences:reasons.${activity.licence.reason}`) : this.t('activity.unavailable')}</p>`}
      ${activity.licence?.refusesPupils ? html`<p class="gone">${this.t(`licence.${licenceBadge(activity)}Hint`)}</p>` : nothing}
      <div class="columns">
        <div class="stack">
          ${about ? html`<p lang=${lang}>${about}</p>` : nothing}
          <div class="actions">
            ${available ? html`<il-slot name="library.activity-actions" .context=${{ activityId: id, kind: activity.kind }}></il-slot>` : nothing}
            ${mayChange ? this.#change(activity) : nothing}
          </div>
          <h2>${this.t('preview.title')}</h2>
          <div class="panel"><library-preview .content=${content} provider=${activity.provider} language=${activity.language}></library-preview></div>
          ${activity.kind === 'link' ? html`<library-link-state .activityId=${id}></library-link-state>` : nothing}
          ${this.can('library:write') ? html`<library-colleagues .activityId=${id}></library-colleagues>` : nothing}
        </div>
        <div class="stack">
          <dl aria-label=${this.t('activity.facts')}>${this.#facts(activity)}</dl>
          ${
            activity.tool === null
              ? nothing
              : html`<section aria-labelledby="tool" class="stack">
                <h2 id="tool">${this.t('tool.heading', { name: activity.tool.name })}</h2>
                <library-tool-facts .tool=${activity.tool}></library-tool-facts>
              </section>`
          }
        </div>
      </div>
    `;
  }

  #facts(activity: ActivityDetail) {
    const { concepts, difficulty, keywords } = activity;
    const fact = (key: string, value: string | TemplateResult) =>
      value === '' ? nothing : html`<div><dt>${this.t(`activity.${key}`)}</dt><dd>${value}</dd></div>`;
    const steps =
      difficulty === null
        ? ''
        : html`<span class="steps" aria-hidden="true">${'●'.repeat(difficulty)}${'○'.repeat(5 - difficulty)}</span>
            <span class="visually-hidden">${this.t('activity.difficultyOf', { difficulty })}</span>`;
    return [
      fact('provider', activity.provider),
      fact('kind', this.t(`kinds.${activity.kind}`)),
      fact('minutes', formatMinutes(activity.minutes)),
      fact(
        'ages',
        agesOf((key, options) => this.t(key, options), activity),
      ),
      fact('difficulty', steps),
      fact('audience', this.t(`values.audience.${activity.teacherOnly ? 'teacher' : 'pupil'}`)),
      fact('language', languageName(activity.language)),
      fact('owner', this.t(`values.owner.${activity.school === null ? 'shared' : 'school'}`)),
      fact('keywords', keywords.join(', ')),
      concepts.length === 0
        ? nothing
        : fact(
            'concepts',
            html`<ul>
              ${concepts.map(({ uri, label }) => html`<li><a href="/bibliotheek?${new URLSearchParams({ concept: uri })}">${label}</a></li>`)}
            </ul>`,
          ),
    ];
  }

  #change({ id, available }: ActivityDetail) {
    return html`
      <wa-button appearance="outlined" href="/bibliotheek/${id}/bewerken"><il-icon slot="start" name="pencil"></il-icon>${this.t('activity.edit')}</wa-button>
      ${
        available
          ? html`<wa-button appearance="plain" @click=${() => this.#withdraw(id)}>${this.t('activity.withdraw')}</wa-button>`
          : html`<wa-button variant="brand" @click=${() => this.#restore()}>${this.t('activity.restore')}</wa-button>`
      }
    `;
  }

  /** Takes back the offer to put the activity back. */
  #endUndo: (() => void) | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endUndo?.();
  }

  async #withdraw(id: string): Promise<void> {
    try {
      await library.delete('/activities/:id', { params: { id } });
    } catch {
      notify({ text: this.t('edit.failed'), kind: 'error' });
      return;
    }
    this.#endUndo = removed(this.t('withdraw.done'), () => this.#putBack());
    await this.#loaded.run();
  }

  async #putBack(): Promise<void> {
    const activity = this.#loaded.value?.activity;
    if (activity === undefined) return;
    const { id } = activity;
    const content = await library.get('/activities/:id/content', { params: { id }, query: { written: 'true' } });
    const body = { ...bodyOf(draftOf(activity, content)), available: true };
    await library.put('/activities/:id', { params: { id }, body });
    await this.#loaded.run();
  }

  async #restore(): Promise<void> {
    this.#endUndo?.();
    try {
      await this.#putBack();
      notify({ text: this.t('withdraw.undone'), kind: 'success' });
    } catch {
      notify({ text: this.t('edit.failed'), kind: 'error' });
    }
  }
}
