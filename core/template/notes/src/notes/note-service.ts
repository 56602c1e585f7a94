import { forbidden } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

export interface Note {
  id: string;
  text: string;
  createdAt: Date;
}

/** Notes of the schools of whoever asks: row-level security sees to it, so no statement here names a school. */
export class NoteService {
  readonly #knex: Cradle['knex'];
  readonly #principal: Cradle['principal'];

  constructor({ knex, principal }: Cradle) {
    this.#knex = knex;
    this.#principal = principal;
  }

  async list(): Promise<Note[]> {
    return this.#knex('notes').select('id', 'text', 'created_at as createdAt').orderBy('created_at', 'desc').limit(200);
  }

  async add(school: string, text: string): Promise<string> {
    const { id, tenants: schools } = this.#principal;
    if (schools !== '*' && !schools.includes(school)) throw forbidden('You do not write notes for that school.');
    const [row] = await this.#knex('notes').insert({ school_id: school, author_id: id, text }).returning('id');
    return row.id;
  }

  /** Returns how many were removed. */
  async removeOlderThan(days: number): Promise<number> {
    return this.#knex('notes')
      .where('created_at', '<', this.#knex.raw("now() - ? * interval '1 day'", [days]))
      .delete();
  }
}
