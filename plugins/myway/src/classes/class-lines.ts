import type { SlotContext } from '@ilearn/core';
import { foreignLanguage, formatDate, LiveController, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { ClassProgressController } from './class-progress.js';
import './class-ride.js';
import type { ClassLine, ClassProgress } from './model.js';

/** Lines of which changes are shown at once; each is a topic of the page's live connection. */
const MOST_LIVE = 12;

/** In the slot `directory.class-content`: the running paths of a class that the person teaches, with the pupils on the line. */
@customElement('myway-class-lines')
export class ClassLines extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      section,
      ul.lines {
        display: grid;
        gap: var(--il-space-5);
      }
      ul {
        padding: 0;
        list-style: none;
      }
      .line {
        padding: var(--il-space-4) var(--il-space-4) var(--il-space-2);
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1) var(--il-space-4);
        align-items: baseline;
        justify-content: space-between;
      }
      h3 {
        font-size: var(--il-text-l);
      }
      h3 a:any-link {
        display: inline-block;
        padding-block: 4px;
        color: inherit;
      }
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--il-space-4);
        color: var(--il-ink-soft);
      }
      .counts a {
        display: inline-flex;
        gap: var(--il-space-1);
        align-items: center;
        min-height: 32px;
        color: var(--il-bad);
        font-weight: 680;
      }
      .counts li {
        display: inline-flex;
        align-items: center;
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'directory.class-content'> | undefined;

  readonly #progress = new ClassProgressController(this, () => this.context?.id);

  constructor() {
    super();
    new LiveController(
      this,
      () =>
        (this.#progress.value?.lines ?? []).slice(0, MOST_LIVE).map(({ id }) => ['myway.board', { assignmentId: id }] as const),
      () => this.#progress.reload(),
    );
  }

  override willUpdate(): void {
    this.hidden = this.#progress.value?.taught === false;
  }

  override render() {
    const { value, problem } = this.#progress;
    if (value === undefined) {
      return problem === undefined
        ? html`<il-skeleton lines="5"></il-skeleton>`
        : html`<il-problem .problem=${inWords(this, problem)} @retry=${() => this.#progress.reload()}></il-problem>`;
    }
    if (!value.taught) return nothing;
    return html`
      <section aria-labelledby="lines">
        <h2 id="lines">${this.t('class.lines')}</h2>
        ${
          value.lines.length === 0
            ? html`<p class="muted">${this.t('class.noLines', { name: this.context?.name ?? '' })}</p>`
            : html`<ul class="lines">${value.lines.map((line) => this.#line(line, value.pupils))}</ul>`
        }
        <il-truncated ?more=${value.more} shown=${value.lines.length}></il-truncated>
      </section>
    `;
  }

  #line(line: ClassLine, pupils: ClassProgress['pupils']) {
    const { path, counts, dueOn, wholeClass } = line;
    return html`
      <li class="line">
        <div class="about">
          <h3><a href="/opvolging/${line.id}" lang=${foreignLanguage(path.language)}>${path.title}</a></h3>
          <ul class="counts">
            ${
              counts.stuck > 0
                ? html`<li>
                    <a href="/opvolging/${line.id}?toon=vast"><il-icon name="triangle-alert"></il-icon>${this.t('followUp.count.stuck', { count: counts.stuck })}</a>
                  </li>`
                : nothing
            }
            ${counts.busy > 0 ? html`<li>${this.t('followUp.count.busy', { count: counts.busy })}</li>` : nothing}
            ${counts.notStarted > 0 ? html`<li>${this.t('followUp.count.notStarted', { count: counts.notStarted })}</li>` : nothing}
            ${counts.complete > 0 ? html`<li>${this.t('followUp.count.complete', { count: counts.complete })}</li>` : nothing}
            ${wholeClass ? nothing : html`<li>${this.t('class.some', { count: counts.pupils })}</li>`}
            ${dueOn === null ? nothing : html`<li>${this.t('board.dueOn', { date: formatDate(dueOn, 'day') })}</li>`}
          </ul>
        </div>
        <myway-class-ride .line=${line} .pupils=${pupils}></myway-class-ride>
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-class-lines': ClassLines;
  }
}
