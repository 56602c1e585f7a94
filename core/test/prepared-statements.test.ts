import { describe, expect, test } from 'vitest';
import { PreparedNames } from '../dist/database/homes/prepared-statements.js';
import { createKnexWithin } from '../dist/database/unit/plugin-knex.js';

/** The name after `uses` uses. */
function nameAfter(uses: number, text: string, names = new PreparedNames()): string | undefined {
  let name: string | undefined;
  for (let use = 0; use < uses; use++) name = names.nameFor('reader', text);
  return name;
}

describe('a statement is prepared', () => {
  test('when it is used often, under a name of its role and text', () => {
    const names = new PreparedNames();
    expect(nameAfter(4, 'select id from notes', names)).toBeUndefined();
    const name = nameAfter(1, 'select id from notes', names);
    expect(name).toBeDefined();
    expect(nameAfter(1, 'select id from notes', names)).toBe(name);
    expect(nameAfter(1, 'select id from pages', names)).toBeUndefined();
    expect(names.nameFor('writer', 'select id from notes')).toBeUndefined();
    names.forget();
    expect(names.nameFor('reader', 'select id from notes')).toBeUndefined();
  });

  test.each([
    'select count(*) from notes',
    'select id from notes where exists (select * from people where people.id = notes.by)',
    'select * from (select id, text from notes) n limit 5',
    'with recent as materialized (select id from notes) select * from recent',
    'with recent as (select id from notes) select r.* from recent r join (select 1 as id) one on one.id = r.id',
    'select * from unnest($1::uuid[]) as given (id)',
    'select price * 2 from notes',
    "select '*' from notes",
  ])('although it holds an asterisk: %s', (text) => expect(nameAfter(5, text)).toBeDefined());

  test.each([
    'select * from notes',
    'select n.* from notes n',
    'select "n".* from "notes" as "n"',
    'select * from (select * from notes) n',
    'select * from (select id from notes) n join people p on p.id = n.id',
    'with recent as (select * from notes) select id from recent',
    'with recent as (select id from notes) select * from directory.recent',
    'select id from notes where exists (select from people where people.id in (select p.id from (select * from people) p))',
    'insert into notes (id) values ($1) returning *',
    'update notes set text = $1 returning notes.*',
    'select row_to_json(n.*) from notes n',
  ])('not if its columns would outdate: %s', (text) => expect(nameAfter(9, text)).toBeUndefined());
});

describe('a list of values', () => {
  const knex = createKnexWithin(() => {
    throw new Error('nothing is sent');
  });
  const sent = (query: { toSQL(): { toNative(): { sql: string; bindings: readonly unknown[] } } }) => {
    const { sql, bindings } = query.toSQL().toNative();
    return [sql, ...bindings];
  };

  test('has one text, whatever its length', () => {
    const texts = [2, 3, 40].map((length) => sent(knex('notes').whereIn('id', Array(length).fill('a')).whereNull('gone'))[0]);
    expect(new Set(texts)).toEqual(new Set(['select * from "notes" where "id" = any ($1) and "gone" is null']));
    expect(sent(knex('notes').where({ by: 'b' }).whereIn('n', [1, 2]).orWhereNotIn('id', ['a', 'c']))).toEqual([
      'select * from "notes" where "by" = $1 and "n" = any ($2) or "id" <> all ($3)',
      'b',
      [1, 2],
      ['a', 'c'],
    ]);
    expect(sent(knex('notes').whereIn(knex.raw('coalesce(by, ?)', ['d']) as never, ['a', 'b']))).toEqual([
      'select * from "notes" where coalesce(by, $1) = any ($2)',
      'd',
      ['a', 'b'],
    ]);
  });

  test('is what knex makes of it if it has one value or none, or holds anything but values', () => {
    expect(sent(knex('notes').whereIn('id', ['a']))).toEqual(['select * from "notes" where "id" in ($1)', 'a']);
    expect(sent(knex('notes').whereIn('id', []))[0]).toBe('select * from "notes" where 1 = $1');
    expect(sent(knex('notes').whereIn('id', [knex.raw('now()'), 'a']))[0]).toBe(
      'select * from "notes" where "id" in (now(), $1)',
    );
    expect(
      sent(
        knex('notes').whereIn(
          ['id', 'n'],
          [
            ['a', 1],
            ['b', 2],
          ],
        ),
      )[0],
    ).toBe('select * from "notes" where ("id", "n") in (($1, $2), ($3, $4))');
    expect(sent(knex('notes').whereIn('id', knex('pages').select('id')))[0]).toBe(
      'select * from "notes" where "id" in (select "id" from "pages")',
    );
  });
});
