import { describe, expect, test } from 'vitest';
import { PreparedNames } from '../dist/database/homes/prepared-statements.js';

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
