import {
  buttonStyles,
  foreignLanguage,
  formatDate,
  formatMinutes,
  navigate,
  notify,
  StartPart,
  sharedStyles,
  startPartStyles,
} from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { paint } from '../client/line.js';
import { sentenceFor } from '../client/problem-words.js';
import { numberedStation, numberedStationStyles } from '../client/station-shapes.js';
import { myway } from '../client.js';
import type { NextStep } from './start-model.js';
import { UnsentController } from './unsent.js';

type Loaded = { next: NextStep | null; finished: number };

/** Part of a pupil's start page: the one step to do now, with the page's only main button. */
@customElement('myway-start-next')
export class StartNext extends StartPart<Loaded> {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    startPartStyles,
    buttonStyles,
    numberedStationStyles,
    css`
      .next {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--il-space-3) var(--il-space-5);
        align-items: center;
        position: relative;
        padding-block: var(--il-space-5);
      }
      /* The line on which the station lies, in the colour of the learning area. */
      .next::before {
        position: absolute;
        inset-block: 0;
        inset-inline-start: calc(2.5rem - 5px);
        width: 10px;
        background: var(--line);
        border-radius: 5px;
        content: '';
      }
      .next .numbered-station {
        width: 5rem;
        height: 5rem;
      }
      .title {
        font-size: var(--il-text-xl);
        font-weight: 720;
        line-height: 1.2;
        overflow-wrap: anywhere;
        text-wrap: balance;
      }
      .do {
        grid-column: 2;
        justify-self: start;
        min-height: max(var(--il-target), 3.5rem);
        padding-inline: var(--il-space-6);
        font-size: var(--il-text-l);
      }
      @media (max-width: 30rem) {
        .next {
          grid-template-columns: 3.5rem minmax(0, 1fr);
          column-gap: var(--il-space-4);
        }
        .next::before {
          inset-inline-start: calc(1.75rem - 5px);
        }
        .next .numbered-station {
          width: 3.5rem;
          height: 3.5rem;
        }
        .do {
          width: 100%;
        }
      }
    `,
  ];

  protected override icon = 'map-pin';

  @state() private opening = false;

  constructor() {
    super();
    new UnsentController(this, () => void this.reload());
  }

  protected override load(signal: AbortSignal): Promise<Loaded> {
    return myway.get('/start/next', { signal });
  }

  protected override heading(loaded?: Loaded): string {
    return this.t(loaded?.next === null ? 'start.next.doneHeading' : 'start.next.heading');
  }

  async #open({ path, step }: NextStep): Promise<void> {
    if (this.opening) return;
    const page = `/mijn-paden/${path.assignmentId}/stap/${step.id}`;
    if (step.kind !== 'lti') {
      void navigate(page);
      return;
    }
    this.opening = true;
    try {
      const params = { assignmentId: path.assignmentId, stepId: step.id };
      const opened = await myway.post('/my-paths/:assignmentId/steps/:stepId/open', { params });
      if (opened.kind === 'lti') location.assign(opened.url);
      else void navigate(page);
    } catch (problem) {
      this.opening = false;
      notify({ kind: 'error', text: sentenceFor(this, problem) });
      await this.reload();
    }
  }

  protected override content({ next, finished }: Loaded) {
    if (next === null) {
      if (finished === 0) return nothing;
      return html`<p>${this.t('start.next.done', { count: finished })} <a href="/mijn-paden">${this.t('myPaths.title')}</a></p>`;
    }
    const { path, step } = next;
    paint(this, path.area);
    const facts = [
      step.minutes === null ? '' : formatMinutes(step.minutes),
      path.dueOn ? this.t('trail.due', { date: formatDate(path.dueOn, 'day') }) : '',
    ];
    return html`
      <div class="next">
        ${numberedStation(step, Math.min(path.done + 1, 99))}
        <div>
          <p class="title" lang=${foreignLanguage(step.language ?? path.language)}>${step.title}</p>
          <p class="muted" lang=${foreignLanguage(path.language)}>${path.title}</p>
          <p class="muted">${facts.filter(Boolean).join(' · ')}</p>
        </div>
        <button class="button main do" aria-busy=${String(this.opening)} @click=${() => this.#open(next)}>
          <span>${this.t(step.state === 'started' ? 'trail.goOn' : 'trail.start')}<span class="visually-hidden">: ${step.title}</span></span>
          <il-icon name=${this.opening ? 'hourglass' : 'arrow-right'}></il-icon>
        </button>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-start-next': StartNext;
  }
}
