import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functions, isClosedField, migrationFunctions, triggerFunctions } from '../dist/database/sql/functions.js';
import { refusedRelation } from '../dist/database/sql/names.js';
import { normaliseText } from '../dist/database/sql/normalise-text.js';
import { none, plugin, sql } from './support/fixtures.js';
import { honestStatements, honestTables } from './support/honest-sql.js';

const declared = { ...none, notPeople: { pupil: 'a number of a test', j: 'a test' } };
const honest = plugin('honest', {
  tables: { notes: declared, steps: none },
  migrations: [sql('0001', honestTables)],
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [honest] });
});
afterAll(() => portal?.stop());

test('there are 300 honest statements and more', () => {
  expect(new Set(honestStatements).size).toBeGreaterThanOrEqual(300);
});

describe('a harmless statement', () => {
  // Each in a unit of its own, which is undone: the next finds what this one found.
  test.each(honestStatements)('runs: %s', async (text) => {
    const values = text.includes('$1') ? ['3A'] : undefined;
    const undone = new Error('undone');
    const error = await portal
      .work('honest', async ({ knex }) => {
        const connection = await knex.client.acquireConnection();
        if (text.startsWith('release')) await knex.raw('savepoint honest_one');
        await new Promise((resolve, reject) => {
          connection.query({ text, values }, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)));
        });
        throw undone;
      })
      .catch((reason: Error) => reason);
    const { pool } = await portal.platform.home();
    const version = Number((await pool.query('show server_version_num')).rows[0].server_version_num);
    // Older servers lack some functions; what the guard lets through they answer for themselves.
    if (version < 170_000 && /does not exist|syntax error|not allowed/.test(error.message) && !/honest: /.test(error.message))
      return;
    expect(error).toBe(undone);
  });
});

describe('the lists of allowed functions, compared with the catalog of the database', () => {
  const column = async (text: string): Promise<string[]> => {
    const { pool } = await portal.platform.home();
    return (await pool.query(text)).rows.map((row: any) => row.name);
  };
  const ofCatalog = `pronamespace = 'pg_catalog'::regnamespace`;

  test('no allowed function changes anything, apart from randomness, time, and the next number of a sequence', async () => {
    const volatile = await column(`select distinct proname::text as name from pg_proc where ${ofCatalog} and provolatile = 'v'`);
    const harmless = [
      'random',
      'random_normal',
      'clock_timestamp',
      'timeofday',
      'gen_random_uuid',
      'uuidv4',
      'uuidv7',
      'nextval',
      'array_shuffle',
      'array_sample',
    ];
    expect(volatile.filter((name) => functions.has(name) && !harmless.includes(name))).toEqual([]);
  });

  test('no allowed function takes SQL, a relation, a role or a file by name', async () => {
    const named = await column(
      `select distinct proname::text as name from pg_proc where ${ofCatalog} and prorettype <> 'trigger'::regtype and (
         proargtypes::oid[] && array['regclass', 'regproc', 'regprocedure', 'regrole', 'regtype', 'aclitem', 'refcursor']::regtype[]::oid[]
         or proname ~ '(xml|^lo_|_file|advisory|notify|^pg_ls|^ts_stat|^ts_rewrite|^dblink|setting|config$)')`,
    );
    expect(named.filter((name) => functions.has(name)).sort()).toEqual(['current_setting', 'get_current_ts_config', 'nextval']);
  });

  test('no field can be read that is a function which is not allowed', async () => {
    const callable = await column(
      `select distinct proname::text as name from pg_proc where ${ofCatalog} and provolatile <> 'i' and prorettype <> 'internal'::regtype
         and (pronargs > 0 or provariadic <> 0) and pronargs - pronargdefaults <= 1 and proname !~ '(_out|out|_send|send|_in)$'
         and not proargtypes::oid[] && array['internal', 'cstring']::regtype[]::oid[]`,
    );
    const harmless = ['money', 'xml', 'timetz', 'oidvectortypes', 'xml_is_well_formed', 'amvalidate'];
    expect(callable.filter((name) => !isClosedField(name) && !functions.has(name) && !harmless.includes(name))).toEqual([]);
    expect(['pg_sleep', 'lo_import', 'current_setting'].every(isClosedField)).toBe(true);
  });

  test('a relation of the catalog is recognised by its name alone', async () => {
    const names = await column(
      `select relname::text as name from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v')`,
    );
    const territory = { plugin: 'honest', schema: 'honest', readable: new Set<string>() };
    expect(names.filter((name) => refusedRelation(territory, undefined, name) === null).sort()).toEqual([
      'pg_timezone_abbrevs',
      'pg_timezone_names',
    ]);
  });

  test('the names of a plugin’s relations in pg_catalog change nothing', () => {
    expect([...migrationFunctions, ...triggerFunctions].filter((name) => functions.has(name))).toEqual([]);
  });
});

describe('texts that differ only in their lists of parameters', () => {
  test('are checked once', () => {
    expect(normaliseText('select $1 where a in ($2, $3, $4) and b = $5')).toBe('select $1 where a in ($1) and b = $5');
    expect(normaliseText('insert into t (a, b) values ($1, $2), ($3, $4), ($5, $6)')).toBe('insert into t (a, b) values ($1)');
    expect(normaliseText(`select '$1, $2', "a$1, $2", $x$1, $2$x$, $1`)).toBe(`select '$1', "a$1, $2", $x$1, $2$x$, $1`);
  });

  test('cost one look-up, whatever their length', async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ id: 10_000 + index, title: `stap ${index}` }));
    await portal.work('honest', async ({ knex }) => {
      await knex('steps').insert(rows(1_000));
      expect(
        await knex('steps')
          .whereIn(
            'id',
            rows(1_000).map(({ id }) => id),
          )
          .delete(),
      ).toBe(1_000);
    });
  });
});
