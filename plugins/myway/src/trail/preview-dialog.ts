import { foreignLanguage, formatMinutes, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourOf } from '../client/line.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { PathDetail } from '../paths/model.js';
import type { Preview } from './model.js';
import { stationsOfTrail } from './stations.js';

/** What the imagined pupil may have done at a step, as the query says it. */
const states = { todo: '', started: 'started', done: 'done', low: 'done:0.3', high: 'done:0.9' } as const;
type StateName = keyof typeof states;

/**
 * Shows a path as a pupil sees it: at the start, or as far and with such scores as the teacher chooses. Nothing is stored.
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
      .chosen {
        display: grid;
        gap: var(--il-space-3);
        padding: var(--il-space-3) 0;
      }
      summary {
        min-height: var(--il-target);
        font-weight: 600;
        line-height: var(--il-target);
        cursor: pointer;
      }
    `,
  ];

  @property() pathId = '';

  @property({ type: Boolean }) open = false;

  @state() private path: PathDetail | undefined;
  @state() private preview: Preview | undefined;
  @state() private problem: unknown;

  readonly #results = new Map<string, StateName>();
  readonly #choices = new Map<string, string>();

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open') && this.open) void this.#begin();
  }

  async #begin(): Promise<void> {
    this.#results.clear();
    this.#choices.clear();
    this.preview = undefined;
    this.path = undefined;
    try {
      this.path = await myway.get('/paths/:id', { params: { id: this.pathId } });
    } catch (problem) {
      this.problem = problem;
    }
    await this.#load();
  }

  async #load(): Promise<void> {
    const query = {
      results: [...this.#results].flatMap(([id, name]) => (name === 'todo' ? [] : `${id}:${states[name]}`)).join(),
      choices: [...this.#choices].map(([block, arm]) => `${block}:${arm}`).join(),
    };
    try {
      this.preview = await myway.get('/paths/:id/preview', { params: { id: this.pathId }, query });
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
          ${this.path && this.path.steps.length > 0 ? this.#chosen(this.path) : nothing}
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : this.#trail()}
        </div>
        <wa-button slot="footer" appearance="outlined" @click=${() => this.emit('il-close')}>${this.t('close')}</wa-button>
      </il-dialog>
    `;
  }

  /** How far the pupil is: a list for each step, and for each branch. */
  #chosen({ steps, blocks }: PathDetail) {
    const scored = (kind: string | null) => kind === 'lti' || kind === 'quiz' || kind === 'task';
    return html`<details>
      <summary>${this.t('preview.choose')}</summary>
      <div class="chosen">
        ${steps
          .filter(({ teacherOnly }) => !teacherOnly)
          .map(
            ({ id, shownTitle, kind }) => html`<wa-select
              size="s"
              .label=${shownTitle}
              .value=${this.#results.get(id) ?? 'todo'}
              @change=${(event: Event) => {
                this.#results.set(id, typed(event) as StateName);
                void this.#load();
              }}
            >
              ${(scored(kind) ? (['todo', 'started', 'low', 'high'] as const) : (['todo', 'started', 'done'] as const)).map(
                (name) => html`<wa-option value=${name}>${this.t(`preview.state.${name}`)}</wa-option>`,
              )}
            </wa-select>`,
          )}
        ${blocks.map((block) =>
          block.kind === 'branch'
            ? html`<wa-select
                size="s"
                .label=${this.t('ways.label', { title: block.title || this.t('block.branch') })}
                .value=${this.#choices.get(block.id) ?? 'auto'}
                @change=${(event: Event) => {
                  const arm = typed(event);
                  if (arm === 'auto') this.#choices.delete(block.id);
                  else this.#choices.set(block.id, arm);
                  void this.#load();
                }}
              >
                <wa-option value="auto">${this.t('ways.auto')}</wa-option>
                ${block.arms.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
              </wa-select>`
            : nothing,
        )}
      </div>
    </details>`;
  }

  #trail() {
    const preview = this.preview;
    if (preview === undefined) return html`<il-skeleton lines="4"></il-skeleton>`;
    if (preview.steps.length === 0 && preview.blocks.length === 0) return html`<p>${this.t('preview.empty')}</p>`;
    const next = preview.steps.find((step) => step.next);
    return html`
      <h3 lang=${foreignLanguage(preview.language)}>${preview.title}</h3>
      ${preview.description ? html`<p lang=${foreignLanguage(preview.language)}>${preview.description}</p>` : nothing}
      <il-line
        size="large"
        color=${colourOf(preview.area)}
        label=${preview.title}
        .stations=${stationsOfTrail(this, preview)}
      ></il-line>
      ${next ? html`<p class="muted">${this.t('preview.first', { title: next.title, minutes: formatMinutes(next.minutes) })}</p>` : nothing}
    `;
  }
}

const typed = (event: Event): string => String((event.target as HTMLSelectElement).value ?? '');
