import { forbidden } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Counts, SchoolCount } from '../exports.js';
import { type Grain, schoolYearOf } from '../periods.js';

const mostCounts = 200_000;

/** `cube.counts` */
export class CountsExport implements Counts {
  readonly #knex: Dependencies['knex'];
  readonly #principal: Dependencies['principal'];

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  async of(measure: string, grain: Grain, startsOn: string): Promise<SchoolCount[]> {
    if (this.#principal.kind !== 'system') throw forbidden();
    const rows = await this.#knex('cells as c')
      .join('publications as p', (join) => join.on('p.grain', 'c.grain').andOn('p.starts_on', 'c.starts_on'))
      .leftJoin('places as s', (join) => join.on('s.school_id', 'c.school_id').andOnVal('s.school_year', schoolYearOf(startsOn)))
      .where({ 'c.measure': measure, 'c.grain': grain, 'c.starts_on': startsOn })
      .select({ school: 'c.school_id', group: 's.group_id' }, 's.level', 's.region', 'c.item', 'c.value', 'c.people')
      .orderBy(['c.school_id', 'c.item'])
      .limit(mostCounts);
    return rows.map(({ value, level, region, ...row }) => ({
      ...row,
      value: Number(value),
      level: level ?? 'unknown',
      region: region ?? 'unknown',
    }));
  }
}
