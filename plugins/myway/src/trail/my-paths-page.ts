import { foreignLanguage, formatDate, PortalElement, sharedStyles, teacherWord } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { colourOf, paint } from '../client/line.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import { mostTrails } from '../paths/limits.js';
import type { Trail } from './model.js';
import { pathContext } from './slot-contexts.js';
import { stationsOfTrail } from './stations.js';
import { UnsentController } from './unsent.js';

/** Loads all pages of the list. */
async function allPaths(signal: AbortSignal): Promise<Trail[]> {
  const paths: Trail[] = [];
  for (let page: Trail[] | undefined; page === undefined || page.length === mostTrails; ) {
    // Without a query, the browser requested it along with the page's code.
    page = await myway.get('/my-paths', { query: paths.length === 0 ? {} : { offset: paths.length }, signal });
    paths.push(...page);
  }
  return paths;
}

/** `/mijn-paden`: a pupil's paths. The first has the page's only main button; finished paths come last. */
@customElement('myway-my-paths-page')
export class MyPathsPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .first {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--il-space-4);
        justify-items: start;
        padding: var(--il-space-5);
        background: var(--il-surface);
        border: 2px solid var(--il-rule);
        border-inline-start: 12px solid var(--line);
        border-radius: var(--il-radius);
      }
      .first h2 {
        max-width: 100%;
        font-size: var(--il-text-xl);
        overflow-wrap: anywhere;
      }
      ul {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        padding: 0;
        list-style: none;
      }
      .path {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--il-space-2) var(--il-space-5);
        align-items: center;
        min-height: var(--il-target);
        padding: var(--il-space-4) var(--il-space-3);
        color: inherit;
        text-decoration: none;
        border-bottom: 1px solid var(--il-rule);
      }
      .path:hover {
        background: var(--il-hover);
      }
      .title {
        font-size: var(--il-text-l);
        font-weight: 680;
        overflow-wrap: anywhere;
      }
      .finished .title {
        font-weight: 500;
      }
      .tick {
        color: var(--il-good);
      }
      @media (max-width: 36rem) {
        .path {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  readonly #paths = new Task(this, {
    task: (_, { signal }) => allPaths(signal),
    args: () => [],
  });

  constructor() {
    super();
    new UnsentController(this, () => void this.#paths.run());
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('myPaths.title')}></il-page-head>
        ${this.#paths.render({
          pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
          error: (problem) =>
            html`<il-problem .problem=${inWords(this, problem)} @retry=${() => this.#paths.run()}></il-problem>`,
          complete: (paths) => html`
            ${this.#lists(paths)}
            <il-slot name="myway.my-paths" .context=${{ paths: paths.map(pathContext) }}></il-slot>
          `,
        })}
      </div>
    `;
  }

  #lists(paths: Trail[]) {
    const [first, ...others] = paths.filter((path) => !path.complete);
    paint(this, first?.area ?? null);
    const finished = paths.filter((path) => path.complete);
    if (paths.length === 0)
      return html`<il-empty icon="smile" heading=${this.t('myPaths.empty.heading')} text=${this.t('myPaths.empty.text', { teacher: teacherWord() })}></il-empty>`;
    return html`
      ${first ? this.#first(first) : html`<il-empty icon="trophy" heading=${this.t('myPaths.allDone')}></il-empty>`}
      ${others.length > 0 ? html`<section class="stack"><h2>${this.t('myPaths.others')}</h2><ul>${others.map((path) => this.#row(path))}</ul></section>` : nothing}
      ${
        finished.length > 0
          ? html`<section class="stack finished"><h2>${this.t('myPaths.finished')}</h2><ul>${finished.map((path) => this.#row(path))}</ul></section>`
          : nothing
      }
    `;
  }

  #first(path: Trail) {
    const started = path.steps.some((step) => step.state !== 'todo');
    return html`
      <section class="first" aria-labelledby="first">
        <h2 id="first" lang=${foreignLanguage(path.language)}>${path.title}</h2>
        ${this.#mark(path)}
        <p class="muted">${this.#facts(path)}</p>
        <wa-button appearance="accent" variant="brand" size="l" href="/mijn-paden/${path.assignmentId}">
          ${this.t(started ? 'trail.goOn' : 'trail.start')}<il-icon slot="end" name="arrow-right"></il-icon>
        </wa-button>
      </section>
    `;
  }

  #row(path: Trail) {
    return html`
      <li>
        <a class="path" href="/mijn-paden/${path.assignmentId}">
          <span>
            <span class="title" lang=${foreignLanguage(path.language)}>${path.complete ? html`<il-icon class="tick" name="circle-check"></il-icon> ` : nothing}${path.title}</span><br />
            <span class="muted">${this.#facts(path)}</span>
          </span>
          ${this.#mark(path)}
        </a>
      </li>
    `;
  }

  #mark(path: Trail) {
    return html`<il-line aria-hidden="true" size="mark" color=${colourOf(path.area)} .stations=${stationsOfTrail(this, path)}></il-line>`;
  }

  #facts(path: Trail): string {
    const facts = [
      this.t('trail.progress', { done: path.done, total: path.total }),
      path.dueOn && !path.complete ? this.t('trail.due', { date: formatDate(path.dueOn, 'day') }) : '',
    ];
    return facts.filter(Boolean).join(' · ');
  }
}
