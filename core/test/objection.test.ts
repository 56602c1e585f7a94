import { definePlugin, type KernelCradle } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { Model } from 'objection';
import { afterAll, beforeAll, expect, test } from 'vitest';

const first = '11111111-1111-4111-8111-111111111111';
const second = '22222222-2222-4222-8222-222222222222';

class Shelf extends Model {
  static override tableName = 'shelves';
  static override relationMappings = () => ({
    books: { relation: Model.HasManyRelation, modelClass: Book, join: { from: 'shelves.id', to: 'books.shelf_id' } },
  });
  id!: string;
  school_id!: string;
  name!: string;
  books?: Book[];
}

class Book extends Model {
  static override tableName = 'books';
  id!: string;
  school_id!: string;
  title!: string;
}

/** A plugin may map its rows with objection: its models take the injected knex. */
class Shelves {
  readonly #shelves;
  constructor({ knex }: KernelCradle) {
    this.#shelves = Shelf.bindKnex(knex);
  }
  fill(tenant: string, name: string, titles: string[]) {
    const books = titles.map((title) => ({ title, school_id: tenant }));
    return this.#shelves.query().insertGraph({ school_id: tenant, name, books } as object);
  }
  list() {
    return this.#shelves.query().withGraphFetched('books').orderBy('name');
  }
  async fillAndFail(tenant: string) {
    return this.#shelves.transaction(async (transaction) => {
      await this.#shelves.query(transaction).insert({ school_id: tenant, name: 'never' } as object);
      throw new Error('changed my mind');
    });
  }
}

const shelves = definePlugin({
  id: 'shelves',
  version: '1.0.0',
  privileges: ['actAs'],
  tables: { shelves: { tenant: 'school_id' }, books: { tenant: 'school_id' } },
  migrations: [
    {
      name: '0001_shelves',
      up: `create table shelves (id uuid primary key default gen_random_uuid(), school_id uuid not null, name text not null);
           create table books (id uuid primary key default gen_random_uuid(), school_id uuid not null,
             shelf_id uuid not null references shelves, title text not null)`,
      down: 'drop table books, shelves',
    },
  ],
  services: { shelves: Shelves },
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [shelves] });
});
afterAll(() => portal.stop());

const as = <T>(tenant: string, fn: (services: { shelves: Shelves }) => Promise<T>) =>
  portal.work('shelves', ({ actAs }) => actAs({ kind: 'system', id: null, roles: [], tenants: [tenant] }, fn));

test('objection models work in the unit of work, under the plugin’s role and the principal’s tenants', async () => {
  await as(first, ({ shelves }) => shelves.fill(first, 'Sprookjes', ['Roodkapje', 'Repelsteeltje']));
  const [shelf] = await as(first, ({ shelves }) => shelves.list());
  expect(shelf?.books?.map(({ title }) => title).sort()).toEqual(['Repelsteeltje', 'Roodkapje']);
  expect(await as(second, ({ shelves }) => shelves.list())).toEqual([]);
  await expect(as(second, ({ shelves }) => shelves.fill(first, 'Inbraak', []))).rejects.toThrow(/row-level security/);
});

test('an objection transaction is a savepoint: its failure rolls back only its own changes', async () => {
  await as(first, async ({ shelves }) => {
    await shelves.fill(first, 'Blijft', []);
    await expect(shelves.fillAndFail(first)).rejects.toThrow('changed my mind');
  });
  expect((await as(first, ({ shelves }) => shelves.list())).map(({ name }) => name)).toEqual(['Blijft', 'Sprookjes']);
});
