import type { Language } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type Change, type Composition, changesBetween, currentComposition } from './composition.js';

/** Versions of which the changes are shown. */
const SHOWN = 20;

export interface StatementVersion {
  number: number;
  since: Date;
  /** What changed from the version before; empty for the first. */
  changes: Change[];
}

/** The versions of the statement: a new one each time that what it is composed from changes. */
export class StatementVersions {
  readonly #services: Pick<Dependencies, 'knex' | 'privacy' | 'clock' | 'locks'>;

  constructor(services: Pick<Dependencies, 'knex' | 'privacy' | 'clock' | 'locks'>) {
    this.#services = services;
  }

  /** Stores a version if the composition differs from that of the last one. */
  async note(): Promise<void> {
    const { knex, clock, locks } = this.#services;
    await locks.take('statement');
    const composition = await currentComposition(this.#services);
    const last = await knex('statement_versions').orderBy('number', 'desc').first('number', 'composition');
    if (last !== undefined && changesBetween(last.composition, composition, 'nl').length === 0) return;
    await knex('statement_versions').insert({
      number: (last?.number ?? 0) + 1,
      since: clock.now(),
      composition: JSON.stringify(composition),
    });
  }

  /** The latest first, at most 20. */
  async list(language: Language): Promise<StatementVersion[]> {
    const rows: { number: number; since: Date; composition: Composition }[] = await this.#services
      .knex('statement_versions')
      .orderBy('number', 'desc')
      .limit(SHOWN + 1)
      .select('number', 'since', 'composition');
    return rows.slice(0, SHOWN).map(({ number, since, composition }, index) => {
      const before = rows[index + 1];
      return { number, since, changes: before === undefined ? [] : changesBetween(before.composition, composition, language) };
    });
  }
}
