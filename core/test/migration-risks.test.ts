import { describe, expect, test } from 'vitest';
import { migrationRisks } from '../dist/database/sql/migration-risks.js';

const told = (sql: string) => migrationRisks(sql).map(({ line, table, what }) => `${line} ${table} ${what}`);

/** What the version before cannot work with; the rest only takes time. */
const breaking = /drop (?!constraint)|rename|alter column|a int not null$/;

describe('what a migration risks on a table in use', () => {
  test.each([
    ['alter table t alter column a type bigint', 'may be rewritten for the new type of a'],
    ['alter table t drop column a', 'loses the column a, but the version before still uses it'],
    ['alter table t alter column a set not null', 'is read whole for "not null" on a'],
    ['alter table t add column a int not null', 'its inserts fail'],
    ['alter table t add column a uuid default gen_random_uuid()', 'is rewritten to fill the column a'],
    ['alter table t add column a timestamptz not null default clock_timestamp()', 'is rewritten'],
    ['alter table t add column a int generated always as (b * 2) stored', 'is rewritten'],
    ['alter table t add column a int generated always as identity', 'is rewritten'],
    ['alter table t add column a int unique', 'index of the new constraint'],
    ['alter table t add column a int check (a > 0)', 'read whole for the new constraint'],
    ['alter table t add constraint c check (a > 0)', 'read whole for the new constraint'],
    ['alter table t add foreign key (a) references u (id)', 'read whole for the new constraint'],
    ['alter table t add unique (a)', 'index of the new constraint'],
    ['create index on t (a)', 'takes no writes while its index is built'],
    ['alter table t rename column a to b', 'renamed (a to b)'],
    ['alter table t rename to u', 'renamed (t to u)'],
    ['drop table t', 'is dropped'],
    ['drop view t', 'is dropped'],
    ['update t set a = 1', 'rows changed'],
    ['delete from t', 'rows changed'],
    ['truncate t', 'is emptied'],
    ['lock table t', 'is locked'],
    ['refresh materialized view t', 'cannot be read'],
    ['cluster t using i', 'is rewritten'],
    ['alter table t set unlogged', 'is rewritten'],
  ])('%s', (sql, what) => {
    const found = migrationRisks(sql);
    const effect = breaking.test(sql) ? 'breaks' : 'waits';
    expect(found).toEqual([{ line: 1, effect, table: 't', what: expect.stringContaining(what), remedy: expect.any(String) }]);
  });

  test.each([
    'alter table t add column a int',
    'alter table t add column a int not null default 7',
    'alter table t add column a timestamptz not null default now()',
    'alter table t add constraint c check (a > 0) not valid',
    'alter table t validate constraint c',
    'alter table t alter column a set default 3',
    'alter table t drop constraint c',
    'create view v as select * from t',
    'insert into t values (1)',
    'select 1',
    'this is no SQL',
    '',
  ])('none: %s', (sql) => {
    expect(migrationRisks(sql)).toEqual([]);
  });

  test('tables that the migration creates itself are not in use; lines count from the first', () => {
    const sql = `create table t (a int);
create index on t (a);
alter table t add unique (a);

-- é: a comment
alter table old drop column b;
update old set c = 1`;
    expect(told(sql)).toEqual([
      expect.stringMatching(/^6 old loses the column b/),
      expect.stringMatching(/^7 old has rows changed/),
    ]);
  });
});
