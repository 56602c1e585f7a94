import type { MeasureId } from '../measures.js';
import { grains, periodOf } from '../periods.js';

/** Pseudo-random numbers that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface DemoRow {
  grain: string;
  starts_on: string;
  measure: MeasureId;
  item: string;
  value: number;
  people: number;
}

/** Adds up what people do on days into the rows of the cube, each person once. */
class Sums {
  readonly #rows = new Map<string, DemoRow & { seen: Set<string> }>();
  #periods: [string, string][] = [];

  on(day: string): void {
    this.#periods = grains.map((grain) => [grain, periodOf(grain, day).startsOn]);
  }

  add(person: string, measure: MeasureId, item: string | null = null, amount = 1): void {
    for (const [grain, starts_on] of this.#periods) {
      for (const each of item === null ? [''] : ['', item]) {
        const key = `${grain}|${starts_on}|${measure}|${each}`;
        let row = this.#rows.get(key);
        if (row === undefined) {
          row = { grain, starts_on, measure, item: each, value: 0, people: 0, seen: new Set() };
          this.#rows.set(key, row);
        }
        row.value += amount;
        row.seen.add(person);
      }
    }
  }

  get rows(): DemoRow[] {
    return [...this.#rows.values()].map(({ seen, ...row }) => ({ ...row, people: seen.size }));
  }
}

/** Tools of the demonstration, the most liked first. */
export const demoTools: Record<string, string> = {
  practice: 'Oefenprogramma',
  'blockly-games': 'Blockly Games',
  geogebra: 'GeoGebra',
  scratch: 'Scratch',
  phet: 'PhET',
  'music-lab': 'Music Lab',
};

/** What invented people of a school did on these school days. */
export function simulate(school: { seed: number; pupils: number }, days: readonly string[]): DemoRow[] {
  const next = random(school.seed);
  const sums = new Sums();
  const tools = Object.keys(demoTools);
  const pupils = [...Array(school.pupils).keys()].map((at) => ({ id: `p${at}`, eager: 0.05 + next() * 0.22 }));
  const teachers = [...Array(Math.ceil(school.pupils / 9)).keys()].map((at) => ({ id: `t${at}`, eager: 0.04 + next() * 0.1 }));
  const toolOf = () => tools[Math.floor(next() ** 2 * tools.length)] as string;
  for (const [at, day] of days.entries()) {
    sums.on(day);
    // More and more schools use it more often.
    const trend = 0.6 + (0.6 * at) / days.length;
    for (const { id, eager } of pupils) {
      if (next() > eager * trend) continue;
      const tool = toolOf();
      for (let times = 1 + Math.floor(next() * 2); times > 0; times--) {
        sums.add(id, 'launches', tool);
        sums.add(id, 'shared', `${tool} pseudonym`);
        sums.add(id, 'shared', `${tool} role`);
      }
      sums.add(id, 'pupils', tool);
      sums.add(id, 'pupil-days', tool);
      if (next() > 0.7) continue;
      sums.add(id, 'steps-done', null, 1 + Math.floor(next() * 3));
      sums.add(id, 'results');
      if (next() < 0.65) sums.add(id, 'results-reached');
      if (next() < 0.12) sums.add(id, 'paths-walked');
    }
    for (const { id, eager } of teachers) {
      if (next() > eager * trend) continue;
      const tool = toolOf();
      sums.add(id, 'launches', tool);
      sums.add(id, 'shared', `${tool} pseudonym`);
      sums.add(id, 'shared', `${tool} role`);
      sums.add(id, 'teachers', tool);
      sums.add(id, next() < 0.4 ? 'paths-made' : 'paths-given');
      if (next() < 0.05) sums.add(id, 'academy-minutes', null, 180);
      if (next() < 0.06) {
        sums.add(id, 'tickets');
        sums.add(id, 'ticket-minutes', null, 20 + Math.floor(next() * 600));
      }
    }
  }
  return sums.rows;
}
