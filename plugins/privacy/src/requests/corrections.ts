import { conflict, notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { currentValue } from './roster-values.js';
import type { RequestRow } from './rows.js';

/** Most corrections in the list. */
export const mostCorrections = 100;
const batch = 100;

type Services = Pick<Dependencies, 'knex' | 'principal' | 'directory'>;

/**
 * What schools have to correct in their files, because somebody asked for rectification (GDPR art. 16): the portal does not change what the
 * next import would bring back. Open from when it was passed on until the files are right, also after the request was answered.
 */
export class Corrections {
  readonly #services: Services;
  readonly #knex: Knex;

  constructor({ knex, principal, directory }: Services) {
    this.#services = { knex, principal, directory };
    this.#knex = knex;
  }

  /** Passes an open request on to the school. @throws Problem 409 `privacy/not-now` */
  async pass(id: string): Promise<void> {
    const [row]: RequestRow[] = await this.#knex('requests')
      .where({ id, kind: 'rectification' })
      .whereNull('closed_at')
      .whereNull('flagged_at')
      .update({ flagged_at: this.#knex.fn.now(), updated_at: this.#knex.fn.now() })
      .returning('*');
    if (row === undefined)
      throw conflict('privacy/not-now', 'Only an open request for rectification can be passed on to the school, once.');
    await this.#step(row, 'flagged');
  }

  /** The next to correct in the caller's schools, the oldest first; one more than the list has, to see whether there are more. */
  list(): Promise<RequestRow[]> {
    return this.#open()
      .orderBy(['flagged_at', 'id'])
      .limit(mostCorrections + 1);
  }

  async count(school: string): Promise<number> {
    const row = await this.#open().where({ school_id: school }).count('* as n').first();
    return Number(row?.['n'] ?? 0);
  }

  /** Notes that the school's files are right now. @throws Problem 404 if it was noted already */
  async done(id: string): Promise<void> {
    const [row]: RequestRow[] = await this.#open()
      .where({ id })
      .update({ corrected_at: this.#knex.fn.now(), updated_at: this.#knex.fn.now() })
      .returning('*');
    if (row === undefined) throw notFound();
    await this.#step(row, 'corrected');
  }

  /**
   * Notes which corrections an import has brought. Runs as the portal.
   *
   * @param after id of the last request of the batch before; null at first
   * @returns the id for the next batch; null after the last one
   */
  async check(after: string | null): Promise<string | null> {
    const open = this.#open().orderBy('id').limit(batch);
    const rows: RequestRow[] = await (after === null ? open : open.where('id', '>', after));
    for (const { id, person_id, field, wanted } of rows) {
      if (wanted !== '' && (await currentValue(this.#services, person_id as string, field)) === wanted) await this.done(id);
    }
    return rows.length < batch ? null : (rows.at(-1) as RequestRow).id;
  }

  #open() {
    return this.#knex('requests')
      .whereNotNull('school_id')
      .whereNotNull('person_id')
      .whereNotNull('flagged_at')
      .whereNull('corrected_at')
      .whereNotIn('state', ['refused', 'withdrawn']);
  }

  async #step({ id, school_id, state }: RequestRow, action: 'flagged' | 'corrected'): Promise<void> {
    const { kind, id: by } = this.#services.principal;
    await this.#knex('request_steps').insert({
      ...{ request_id: id, school_id, action, state },
      by_id: kind === 'person' ? by : null,
    });
  }
}
