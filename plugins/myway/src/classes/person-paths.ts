import type { SlotContext } from '@ilearn/core';
import { foreignLanguage, formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task, TaskStatus } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { paint } from '../client/line.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { Cell } from '../progress/model.js';
import { cellWords, lookIcons, lookOf, percentOf } from '../progress/states.js';
import type { PupilPath, PupilProgress } from './model.js';

/** In the slot `directory.person-content`: a pupil on all paths of the classes that the reader teaches, step by step. */
@customElement('myway-person-paths')
export class PersonPaths extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      section {
        display: grid;
        gap: var(--il-space-4);
      }
      .paths {
        display: grid;
        gap: var(--il-space-4);
        padding: 0;
        list-style: none;
      }
      .path {
        display: grid;
        gap: var(--il-space-3);
        padding: var(--il-space-4);
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-inline-start: 6px solid var(--line);
        border-radius: var(--il-radius);
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1) var(--il-space-4);
        align-items: baseline;
        justify-content: space-between;
      }
      .path h3 a:any-link {
        display: inline-block;
        padding-block: 4px;
        color: inherit;
      }
      .steps {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1);
        padding: 0;
        list-style: none;
      }
      .step {
        display: grid;
        place-content: center;
        place-items: center;
        width: 44px;
        height: 44px;
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
        line-height: 1.1;
        background: var(--il-sunk);
        border: 1px solid var(--il-rule);
        border-radius: 6px;
        font-variant-numeric: tabular-nums;
      }
      .done {
        color: var(--il-good);
        background: var(--il-good-fill);
      }
      .low,
      .pending {
        color: var(--il-warn);
        background: var(--il-warn-fill);
      }
      .stuck.step {
        color: var(--il-bad);
        background: var(--il-bad-fill);
        border: 2px solid var(--il-bad);
      }
      .started,
      .next {
        color: var(--il-info);
        background: var(--il-info-fill);
      }
      .stuck-word {
        color: var(--il-bad);
        font-weight: 680;
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'directory.person-content'> | undefined;

  readonly #progress = new Task(this, {
    task: async ([id, kind], { signal }): Promise<PupilProgress | undefined> =>
      id === undefined || kind !== 'pupil' ? undefined : myway.get('/pupils/:id/progress', { params: { id }, signal }),
    args: () => [this.context?.id, this.context?.kind] as const,
  });

  override willUpdate(): void {
    const loaded = this.#progress.status === TaskStatus.COMPLETE;
    this.hidden = this.context?.kind !== 'pupil' || (loaded && this.#progress.value?.taught !== true);
  }

  override render() {
    return this.#progress.render({
      pending: () => (this.context?.kind === 'pupil' ? html`<il-skeleton lines="6"></il-skeleton>` : nothing),
      error: (problem) => html`<il-problem .problem=${inWords(this, problem)} @retry=${() => this.#progress.run()}></il-problem>`,
      complete: (found) => (found?.taught ? this.#sections(found) : nothing),
    });
  }

  override updated(): void {
    const paths = this.#progress.value?.paths ?? [];
    for (const item of this.renderRoot.querySelectorAll<HTMLElement>('.path')) {
      const path = paths.find(({ assignment }) => assignment.id === item.dataset['id']);
      if (path !== undefined) paint(item, path.assignment.area);
    }
  }

  #sections({ paths, more }: PupilProgress) {
    const running = paths.filter(({ assignment }) => assignment.endedAt === null);
    const ended = paths.filter(({ assignment }) => assignment.endedAt !== null);
    const name = this.context?.givenName ?? '';
    return html`
      <section aria-labelledby="running">
        <h2 id="running">${this.t('person.running')}</h2>
        ${running.length === 0 ? html`<p class="muted">${this.t('person.none', { name })}</p>` : this.#list(running)}
      </section>
      ${
        ended.length === 0
          ? nothing
          : html`<section aria-labelledby="ended">
              <h2 id="ended">${this.t('person.ended')}</h2>
              ${this.#list(ended)}
            </section>`
      }
      <il-truncated ?more=${more} shown=${paths.length}></il-truncated>
    `;
  }

  #list(paths: readonly PupilPath[]) {
    return html`<ul class="paths">${paths.map((path) => this.#path(path))}</ul>`;
  }

  #path({ assignment, steps, cells, done, total, stuck, lastActiveAt }: PupilPath) {
    const facts = [
      assignment.class.name,
      this.t('person.steps', { done, total }),
      lastActiveAt === null ? this.t('person.notBegun') : this.t('pupil.lastActive', { date: formatDate(lastActiveAt, 'day') }),
      assignment.dueOn === null ? '' : this.t('board.dueOn', { date: formatDate(assignment.dueOn, 'day') }),
    ];
    return html`
      <li class="path" data-id=${assignment.id}>
        <div class="about">
          <h3>
            <a href="/opvolging/${assignment.id}?leerling=${this.context?.id}" lang=${foreignLanguage(assignment.path.language)}>
              ${assignment.path.title}
            </a>
          </h3>
          <p class="muted small">
            ${stuck ? html`<span class="stuck-word">${this.t('class.status.stuck')}</span> · ` : nothing}${facts.filter(Boolean).join(' · ')}
          </p>
        </div>
        <ol class="steps">
          ${steps.map((step, index) => this.#step(step, cells[index] as Cell))}
        </ol>
      </li>
    `;
  }

  #step({ title, language }: PupilPath['steps'][number], cell: Cell) {
    const look = lookOf(cell);
    return html`<li class="step ${look}" title="${title}: ${cellWords(this, cell)}">
      <il-icon name=${lookIcons[look]}></il-icon>
      ${cell.score === null ? nothing : html`<span aria-hidden="true">${percentOf(cell.score)}</span>`}
      <span class="visually-hidden"><span lang=${foreignLanguage(language)}>${title}</span>: ${cellWords(this, cell)}</span>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-person-paths': PersonPaths;
  }
}
