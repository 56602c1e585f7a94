import { plugin, value } from './fixtures.js';

/** What a careless author writes: the instance holds its knex in the open. */
class Notes {
  #knex: any;
  knex: any;
  constructor({ knex }: any) {
    this.#knex = knex;
    this.knex = knex;
  }
  async add(tenant: string, text: string) {
    await this.#knex('notes').insert({ school_id: tenant, text });
  }
  async texts() {
    return this.#knex('notes').pluck('text').orderBy('text');
  }
  query() {
    return this.#knex('notes').select('text');
  }
  async user() {
    return value(this.#knex.raw('select current_user'));
  }
  async each(fn: (text: string) => Promise<unknown>) {
    const results = [];
    for (const text of await this.texts()) results.push([await fn(text), await this.user()]);
    return results;
  }
  async fail() {
    await this.#knex.raw('select 1 / 0');
  }
}
class Drafts {
  all() {
    return [];
  }
}

/** Holds notes of two tenants' and exports a service and a view of them. */
export const alpha = plugin('alpha', {
  tables: { notes: { tenant: 'school_id' } },
  migrations: [
    {
      name: '0001_notes',
      up: `create table notes (id serial, school_id uuid not null, text text not null);
           create view note_texts as select school_id, text from notes;
           create view raw_notes as select * from notes`,
      down: 'drop table notes cascade',
    },
  ],
  services: { notes: Notes, drafts: Drafts },
  exports: { services: ['notes'], views: ['note_texts'] },
});
/** Requires alpha, and tries things. */
export const beta = plugin('beta', {
  requires: { alpha: '^1.0.0' },
  tables: { marks: { tenant: { none: 'a test' } } },
  migrations: [{ name: '0001_marks', up: 'create table marks (text text unique)', down: 'drop table marks' }],
});
/** Requires nothing. */
export const stranger = plugin('stranger');
