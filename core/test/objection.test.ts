import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lotte, north, plugin, south } from './support/fixtures.js';
import { type Cradle, Shelf, shelves } from './support/shelves.js';

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({
    plugins: [
      shelves,
      // Binds a model by hand, as a plugin may that lists none.
      plugin('by-hand', {
        tables: { shelves: { tenant: 'school_id' } },
        migrations: [
          {
            name: '0001_shelves',
            up: 'create table shelves (id uuid primary key default gen_random_uuid(), school_id uuid not null, name text not null)',
            down: 'drop table shelves',
          },
        ],
      }),
    ],
  });
});
afterAll(() => portal.stop());

/** A unit of work of the plugin for this school. */
const within = <T>(tenant: string, fn: (services: Cradle) => Promise<T>): Promise<T> =>
  portal.work('shelves', ({ actAs }: Cradle) =>
    actAs({ kind: 'system', id: null, roles: [], tenants: [tenant] }, (services) => fn(services as unknown as Cradle)),
  );

const shelfOf = (school_id: string, name: string, ...titles: string[]) =>
  ({ school_id, name, books: titles.map((title) => ({ school_id, title })) }) as object;

const names = async (tenant: string) =>
  (await within(tenant, async ({ Shelf }) => Shelf.query().orderBy('name'))).map(({ name }) => name);

test('models: graphs, relations, hooks and joins work in the unit of work, under the principal’s tenants', async () => {
  const slugs = await within(north, async ({ Shelf, Book, Author }) => {
    const shelf = await Shelf.query().insertGraph(shelfOf(north, 'Sprookjes', 'Roodkapje', 'De gelaarsde kat'));
    const [book] = await shelf
      .$relatedQuery('books')
      .orderBy('title')
      .withGraphFetched('[shelf, authors]' as never);
    expect((book as any).shelf.name).toBe('Sprookjes');
    const author = await Author.query().insert({ school_id: north, name: 'Perrault' });
    await (book as any).$relatedQuery('authors').relate({ id: author.id, part: 'all', school_id: north });
    const joined = await Book.query()
      .withGraphJoined('[authors, shelf]' as never)
      .where('authors.name', 'Perrault');
    expect(joined).toMatchObject([{ title: 'De gelaarsde kat', authors: [{ part: 'all' }], shelf: { name: 'Sprookjes' } }]);
    await Shelf.query().upsertGraph(
      {
        id: shelf.id,
        books: [
          { id: (book as any).id, title: 'Gelaarsd' },
          { school_id: north, title: 'Nieuw Boek' },
        ],
      } as object,
      {
        noDelete: true,
      },
    );
    return (await Book.query().orderBy('slug')).map(({ slug }) => slug);
  });
  expect(slugs).toEqual(['de-gelaarsde-kat', 'nieuw-boek', 'roodkapje']);
  expect(await names(south)).toEqual([]);
});

test('models: a route answers with models, and the schema decides what leaves', async () => {
  await within(south, async ({ Shelf }) => Shelf.query().insertGraph(shelfOf(south, 'Zuid', 'Reinaert')));
  await portal.grant(lotte, [{ tenant: south, role: 'teacher' }]);
  const { body } = await (await portal.signIn(lotte)).get('/api/shelves/shelves');
  expect(body).toEqual([{ name: 'Zuid', books: [{ title: 'Reinaert' }] }]);
});

test('models: a transaction is a savepoint, and its failure undoes only its own changes', async () => {
  await within(north, async ({ Shelf, knex }) => {
    await Shelf.query().insert({ school_id: north, name: 'Blijft' });
    const attempt = Shelf.transaction(async (transaction) => {
      await Shelf.query(transaction).insertGraph(shelfOf(north, 'Nooit', 'Weg'));
      await Shelf.bindTransaction(transaction).query().insert({ school_id: north, name: 'Ook nooit' });
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    // knex and models see the same unit.
    expect(await knex('shelves').where({ name: 'Blijft' })).toHaveLength(1);
  });
  expect(await names(north)).toEqual(['Blijft', 'Sprookjes']);
  await expect(
    within(north, async ({ Shelf }) => {
      await Shelf.query().insert({ school_id: north, name: 'Onaf' });
      await Shelf.query().insert({ school_id: north, name: '' });
    }),
  ).rejects.toThrow(/name: must NOT have fewer than 1 characters/);
  expect(await names(north)).toEqual(['Blijft', 'Sprookjes']);
});

test('models: rows of another school are neither read nor written, whichever way a graph goes', async () => {
  const [theirs] = await within(south, async ({ Shelf }) => Shelf.query().withGraphFetched('books'));
  const [ours] = await within(north, async ({ Shelf }) => Shelf.query().where('name', 'Sprookjes'));
  const before = JSON.stringify([theirs]);
  const book = (theirs as any).books[0];
  // A graph that takes a book of the other school, renames its shelf, or adds to it.
  for (const graph of [
    { id: ours?.id, books: [{ id: book.id, title: 'Gestolen' }] },
    { id: theirs?.id, name: 'Gekaapt' },
    { id: theirs?.id, name: 'Zuid', books: [{ school_id: north, title: 'Ingeschoven' }] },
    { '#id': 'a', school_id: south, name: 'Inbraak' },
  ])
    await expect(
      within(north, async ({ Shelf }) =>
        Shelf.query().upsertGraph(graph as object, { insertMissing: true, relate: true, noDelete: true }),
      ),
      JSON.stringify(graph),
    ).rejects.toThrow(/row-level security|duplicate key|foreign key/);
  expect(await within(north, async ({ Book }) => Book.query().findById(book.id))).toBeUndefined();
  expect(await within(north, async ({ Book }) => Book.query().deleteById(book.id))).toBe(0);
  // A row in memory gives no right to it.
  expect(await within(north, async () => theirs?.$query())).toBeUndefined();
  expect(await within(north, async () => theirs?.$query().patch({ name: 'Gekaapt' } as never))).toBe(0);
  expect(JSON.stringify(await within(south, async ({ Shelf }) => Shelf.query().withGraphFetched('books')))).toBe(before);
});

test('models: a class or row that is kept runs in the unit that awaits it, and in none once that has ended', async () => {
  let kept: Cradle['Shelf'] | undefined;
  let late: Promise<unknown> | undefined;
  const row = await within(south, async ({ Shelf }) => {
    kept = Shelf;
    // Continues after the unit: the statement must not reach a unit that was opened since.
    late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => Shelf.query());
    late.catch(() => {});
    return Shelf.query().first();
  });
  await within(north, async () => {
    await expect(late).rejects.toThrow('this unit of work has ended; await every statement');
    expect((await kept?.query().orderBy('name'))?.map(({ name }) => name)).toEqual(['Blijft', 'Sprookjes']);
  });
  await expect(kept?.query()).rejects.toThrow('shelves: no unit of work is open here');
  await expect(row?.$query()).rejects.toThrow('shelves: no unit of work is open here');
  await expect(row?.$relatedQuery('books')).rejects.toThrow('shelves: no unit of work is open here');
  // The class itself is bound to nothing.
  await expect(within(north, async () => Shelf.query())).rejects.toThrow(/no database connection available for a query/);
});

test('models: SQL in a modifier or of another schema meets the same guard as knex', async () => {
  const select = (change: (query: any, services: Cradle) => unknown) =>
    within(north, async (services) => change(services.Shelf.query(), services));
  await expect(select((query) => query.modify('prying'))).rejects.toThrow(/pg_read_file/);
  await expect(select((query) => query.modify('peeping'))).rejects.toThrow(/ilearn\.sessions|permission denied/);
  await expect(select((query) => query.from('by_hand.shelves'))).rejects.toThrow(/by_hand/);
  await expect(select((_, { Shelf }) => (Shelf as any).query().table('by_hand.shelves').insert({ name: 'a' }))).rejects.toThrow(
    /by_hand/,
  );
  expect(await select((query) => query.modify('named', "Blijft' or true --"))).toEqual([]);
});

test('models: reading a table’s columns fails in its own unit only', async () => {
  const failing = within(north, async ({ Book }) => {
    const reading = Book.query().withGraphJoined('shelf' as never);
    void reading.then(
      () => {},
      () => {},
    );
    throw new Error('given up');
  });
  const other = within(south, async ({ Book }) => Book.query().withGraphJoined('shelf' as never));
  await expect(failing).rejects.toThrow('given up');
  expect(await other).toMatchObject([{ title: 'Reinaert' }]);
});

test('models: requests create no classes, and those of a savepoint are released', async () => {
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  const bound: WeakRef<object>[] = [];
  const seen = new Set<object>();
  for (let round = 0; round < 20; round++)
    await within(north, async ({ Shelf }) => {
      seen.add(Shelf);
      await Shelf.transaction(async (transaction) => {
        const inner = Shelf.bindTransaction(transaction);
        bound.push(new WeakRef(inner));
        await inner.query().withGraphFetched('books').limit(1);
      });
    });
  expect(seen.size).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  gc();
  await new Promise((resolve) => setTimeout(resolve, 20));
  gc();
  expect(bound.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
});

test('a day is the same text for knex and for models, on every database', async () => {
  const [days] = await within(north, async ({ knex }) =>
    knex.select(knex.raw("date '2026-09-01' as day"), knex.raw("array[date '2026-03-29', null] as days")),
  );
  expect(days).toEqual({ day: '2026-09-01', days: ['2026-03-29', null] });
  expect(await within(north, async ({ Shelf }) => Shelf.query().first().select(Shelf.raw("date '2026-10-25' as name")))).toEqual({
    name: '2026-10-25',
  });
});

test('models: a plugin may bind a model by hand', async () => {
  const found = await portal.work('by-hand', async ({ knex }) => {
    const own = Shelf.bindKnex(knex);
    await own.query().insert({ school_id: north, name: 'Met de hand' });
    return own.query();
  });
  expect(found).toMatchObject([{ name: 'Met de hand' }]);
  expect(await names(north)).not.toContain('Met de hand');
});
