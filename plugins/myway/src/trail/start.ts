import type { Dependencies } from '../dependencies.js';
import type { Trail } from './model.js';
import type { Trails } from './service.js';
import type { DuePath, NextStep } from './start-model.js';

/** Days ahead that count as this week. */
const aWeek = 7;
const dayInMs = 86_400_000;

/** What the start page tells a pupil. */
export class PupilStart {
  private readonly trails;
  private readonly calendar;
  private readonly principal;

  constructor({ trails, calendar, principal }: Dependencies & { trails: Trails }) {
    this.trails = trails;
    this.calendar = calendar;
    this.principal = principal;
  }

  /** A pupil's school, whose time zone decides what day it is. */
  private get school(): string | undefined {
    const { tenants } = this.principal;
    return tenants === '*' ? undefined : tenants[0];
  }

  /** The one step to do now: of the path that is due first, the step that the pupil began, or else the next one. */
  async next(): Promise<{ next: NextStep | null; finished: number }> {
    const trails = await this.trails.mine(0);
    const open = trails.filter(({ complete }) => !complete);
    for (const trail of open) {
      const steps = trail.steps.filter(({ lock, state }) => lock === null && state !== 'done');
      const step = steps.find(({ state }) => state === 'started') ?? steps.find(({ next }) => next) ?? steps[0];
      if (step === undefined) continue;
      const { id, title, language, kind, area, minutes, state } = step;
      return { next: { path: pathOf(trail), step: { id, title, language, kind, area, minutes, state } }, finished: 0 };
    }
    return { next: null, finished: trails.length - open.length };
  }

  /** Paths that are not complete and due within a week or earlier, the first due first. */
  async due(): Promise<DuePath[]> {
    const [trails, today] = [await this.trails.mine(0), await this.calendar.today(this.school)];
    const until = new Date(Date.parse(today) + aWeek * dayInMs).toISOString().slice(0, 10);
    return trails
      .filter(({ complete, dueOn }) => !complete && dueOn !== null && dueOn <= until)
      .slice(0, mostDue)
      .map((trail) => ({ ...pathOf(trail), late: (trail.dueOn ?? today) < today }));
  }
}

export const mostDue = 20;

const pathOf = ({ assignmentId, title, language, area, dueOn, total, done }: Trail) => ({
  assignmentId,
  title,
  language,
  area,
  dueOn,
  total,
  done,
});
