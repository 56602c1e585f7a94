import { conflict, forbidden, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { mostNumbers } from '../shapes.js';

/** The numbers by which a school is known. Requires the system principal: a number says who signs in and is imported where. */
export class SchoolNumbers {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #locks: Dependencies['locks'];

  constructor({ knex, principal, locks }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
    this.#locks = locks;
  }

  /**
   * Gives a school a new number, lets another number mean it too, or no longer. The number that it had keeps meaning it.
   *
   * @param school id
   * @param merged whether the school that has the number `add` became part of this one, though it still has people
   * @throws Problem 409 `directory/number-taken` if a number means another school, or is that of one which has people and was not merged, 409 `directory/many-numbers`
   */
  async change(
    school: string,
    {
      renumber,
      add,
      forget,
      merged = false,
    }: { renumber: string | null; add: string | null; forget: string | null; merged?: boolean },
  ): Promise<void> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself changes numbers of schools.');
    // Imports find schools by their numbers.
    await this.#locks.take('import');
    const knex = this.#knex;
    if (forget !== null) await knex('school_numbers').where({ school_id: school, number: forget }).delete();
    const { instellingsnummer: current } = await knex('schools').where({ id: school }).forUpdate().first('instellingsnummer');
    if (add !== null && add !== current) {
      if (!merged) await this.#requireEmpty(school, add);
      await this.#add(school, add);
    }
    if (renumber === null || renumber === current) return;
    const taken = await knex('schools').where({ instellingsnummer: renumber }).first('id');
    if (taken !== undefined) throw numberTaken(renumber);
    await this.#requireOwn(school, renumber);
    await knex('school_numbers').where({ number: renumber }).delete();
    await this.#add(school, current);
    await knex('schools').where({ id: school }).update({ instellingsnummer: renumber, updated_at: knex.fn.now() });
  }

  async #add(school: string, number: string): Promise<void> {
    await this.#requireOwn(school, number);
    await this.#knex('school_numbers').insert({ number, school_id: school }).onConflict('number').ignore();
    const { count } = (await this.#knex('school_numbers').where({ school_id: school }).count().first()) as { count: string };
    if (Number(count) > mostNumbers)
      throw conflict('directory/many-numbers', `A school is known by ${mostNumbers} other numbers at most.`);
  }

  /** A number that is written wrongly would send the people of another school here. */
  async #requireEmpty(school: string, number: string): Promise<void> {
    const other = await this.#knex('schools').where({ instellingsnummer: number }).whereNot({ id: school }).first('id', 'name');
    if (other === undefined) return;
    const { count } = (await this.#knex('memberships').where({ school_id: other.id, active: true }).count().first()) as {
      count: string;
    };
    if (count === '0') return;
    throw conflict(
      'directory/number-taken',
      `The instellingsnummer ${number} is that of ${other.name}, which has ${count} people. If it became part of this school, say so with --merged.`,
    );
  }

  async #requireOwn(school: string, number: string): Promise<void> {
    const other = await this.#knex('school_numbers').where({ number }).whereNot({ school_id: school }).first('school_id');
    if (other !== undefined) throw numberTaken(number);
  }
}

const numberTaken = (number: string) =>
  conflict(
    'directory/number-taken',
    `The instellingsnummer ${number} means another school. Choose which of the two it is first.`,
  );
