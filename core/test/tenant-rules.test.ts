import type { TableDeclaration, TenantScope } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plugin, within } from './support/fixtures.js';
import { portalOn, refusalOf } from './support/portal.js';

const ids = ['a', 'b', 'p', 'q'].map(
  (letter) => `${letter === 'p' ? 'e' : letter === 'q' ? 'f' : letter}0000000-0000-4000-8000-000000000000`,
);
type Row = Record<string, string | string[] | null>;
type Rule = TableDeclaration['tenant'];

/** Columns by table; those that end in `_ids` hold several tenants. */
const tables: Record<string, { rule: Rule; columns: string[] }> = {
  one: { rule: 'school_id', columns: ['school_id'] },
  several: { rule: 'school_ids', columns: ['school_ids'] },
  shared: { rule: { column: 'school_id', nullMeansShared: true }, columns: ['school_id'] },
  enrolments: { rule: { sees: ['school_id', 'provider_id'], writes: ['school_id'] }, columns: ['school_id', 'provider_id'] },
  tickets: {
    rule: { sees: ['school_id', 'provider_id'], writes: ['school_id', 'provider_id'] },
    columns: ['school_id', 'provider_id'],
  },
  offers: {
    rule: { sees: ['watcher_id', 'school_ids', 'provider_id'], writes: ['school_ids', 'provider_id'] },
    columns: ['watcher_id', 'school_ids', 'provider_id'],
  },
};
const names = Object.keys(tables);

// The rule once more, in plain TypeScript.
const tenantsIn = (value: Row[string] | undefined): string[] => (value === null || value === undefined ? [] : [value].flat());
const some = (row: Row, columns: string[], scope: string[]) =>
  columns.some((column) => tenantsIn(row[column]).some((id) => scope.includes(id)));

function sees(rule: Rule, row: Row, scope: TenantScope): boolean {
  if (scope === '*') return true;
  if (typeof rule === 'string') return some(row, [rule], [...scope]);
  if ('sees' in rule) return some(row, rule.sees, [...scope]);
  return 'none' in rule || row[rule.column] === null || some(row, [rule.column], [...scope]);
}

function writes(rule: Rule, row: Row, scope: TenantScope): boolean {
  if (scope === '*') return true;
  if (typeof rule === 'string') {
    const named = tenantsIn(row[rule]);
    return named.length > 0 && named.every((id) => scope.includes(id));
  }
  if ('sees' in rule) return some(row, rule.writes, [...scope]);
  return 'none' in rule || some(row, [rule.column], [...scope]);
}

/** Whether nobody loses the row who is not acted for. */
function keeps(rule: Rule, before: Row, after: Row, scope: TenantScope): boolean {
  if (scope === '*' || typeof rule === 'string' || !('sees' in rule)) return true;
  return rule.writes.every((column) => {
    const [had, has] = [tenantsIn(before[column]), tenantsIn(after[column])];
    const lost = had.filter((id) => !has.includes(id));
    const gained = has.filter((id) => !had.includes(id));
    return lost.length === 0 || [...lost, ...gained].every((id) => scope.includes(id));
  });
}

const definition = plugin('rules', {
  tables: Object.fromEntries(names.map((name) => [name, { tenant: tables[name]?.rule as Rule }])),
  migrations: [
    {
      name: '0001',
      up: names
        .map((name) => {
          const columns = tables[name]?.columns.map((column) => `${column} ${column.endsWith('_ids') ? 'uuid[]' : 'uuid'}`);
          return `create table ${name} (id int primary key, ${columns?.join(', ')})`;
        })
        .join(';'),
      down: '',
    },
  ],
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [definition] });
});
afterAll(() => portal?.stop());

const tenant = fc.option(fc.constantFrom(...ids), { freq: 4 });
const rowOf = (name: string): fc.Arbitrary<Row> =>
  fc.record(
    Object.fromEntries(
      (tables[name]?.columns ?? []).map((column) => [
        column,
        column.endsWith('_ids') ? fc.option(fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 }), { freq: 4 }) : tenant,
      ]),
    ),
  ) as fc.Arbitrary<Row>;
const scope: fc.Arbitrary<TenantScope> = fc.oneof(
  { weight: 9, arbitrary: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant('*' as const) },
);
const scenario = fc.constantFrom(...names).chain((name) =>
  fc.record({
    name: fc.constant(name),
    rows: fc.array(rowOf(name), { minLength: 1, maxLength: 5 }),
    steps: fc.array(
      fc.record({ kind: fc.constantFrom('insert', 'update', 'delete'), at: fc.nat({ max: 6 }), row: rowOf(name) }),
      { minLength: 1, maxLength: 6 },
    ),
    scope,
  }),
);

describe('the database allows exactly what the rule states', () => {
  test('for rows of several tenants and principals of several tenants, in any order of changes', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ name, rows, steps, scope: acting }) => {
        const rule = tables[name]?.rule as Rule;
        const model = new Map<number, Row>(rows.map((row, id) => [id, row]));
        await portal.work('rules', async ({ knex }) => {
          await knex(name).delete();
          await knex(name).insert(rows.map((row, id) => ({ id, ...row })));
        });
        await within(portal, 'rules', acting, async ({ knex, unitOfWork }) => {
          for (const { kind, at, row } of steps) {
            const before = model.get(at);
            const reachable = before !== undefined && sees(rule, before, acting) && writes(rule, before, acting);
            const attempt = (fn: () => Promise<number>): Promise<number | 'refused'> =>
              unitOfWork.savepoint(fn).catch((error: { code?: string }) => {
                if (error.code === '42501' || error.code === '23505') return 'refused';
                throw error;
              });
            if (kind === 'insert') {
              const fits = before === undefined && writes(rule, row, acting);
              const done = await attempt(async () => (await knex(name).insert({ id: at, ...row })).rowCount ?? 1);
              expect(done === 'refused' ? 'refused' : 'done', `insert ${JSON.stringify(row)}`).toBe(fits ? 'done' : 'refused');
              if (fits) model.set(at, row);
            } else if (kind === 'update') {
              const done = await attempt(() => knex(name).where({ id: at }).update(row));
              const fits = before !== undefined && writes(rule, row, acting) && keeps(rule, before, row, acting);
              expect(done, `update of ${JSON.stringify(before)} to ${JSON.stringify(row)}`).toBe(
                !reachable ? 0 : fits ? 1 : 'refused',
              );
              if (reachable && fits) model.set(at, row);
            } else {
              const done = await attempt(() => knex(name).where({ id: at }).delete());
              expect(done, `delete of ${JSON.stringify(before)}`).toBe(reachable ? 1 : 0);
              if (reachable) model.delete(at);
            }
            const seen: number[] = await knex(name).pluck('id').orderBy('id');
            expect(seen).toEqual(
              [...model]
                .filter(([, each]) => sees(rule, each, acting))
                .map(([id]) => id)
                .sort(),
            );
          }
        });
        const stored: (Row & { id: number })[] = await portal.work('rules', ({ knex }) => knex(name).select().orderBy('id'));
        expect(stored).toEqual([...model].sort(([one], [other]) => one - other).map(([id, row]) => ({ id, ...row })));
      }),
      { numRuns: 120 },
    );
  });
});

test('a partitioned table cannot have rows of several tenants: moving them to another partition runs no trigger', async () => {
  const home = await openTestHome();
  try {
    const up = 'create table t (a uuid, b uuid, at date) partition by range (at)';
    const partitioned = plugin('parts', {
      tables: { t: { tenant: { sees: ['a', 'b'], writes: ['a', 'b'] } } },
      migrations: [{ name: '0001', up, down: '' }],
    });
    expect(await refusalOf(portalOn(home, [partitioned]).migrate())).toContain('It is partitioned');
  } finally {
    await home.close();
  }
});

describe('a row of a school and a provider', () => {
  const [school, otherSchool, provider, otherProvider] = ids as [string, string, string, string];
  const as = <T>(scope: string[], fn: (knex: any) => Promise<T>) => within(portal, 'rules', scope, ({ knex }) => fn(knex));
  const reset = () =>
    portal.work('rules', async ({ knex }) => {
      for (const name of ['tickets', 'enrolments']) {
        await knex(name).delete();
        await knex(name).insert({ id: 1, school_id: school, provider_id: provider });
      }
    });

  test('is visible to both and to nobody else', async () => {
    await reset();
    for (const [who, seen] of [
      [school, 1],
      [provider, 1],
      [otherSchool, 0],
      [otherProvider, 0],
    ] as const)
      expect(await as([who], (knex) => knex('enrolments').pluck('id'))).toHaveLength(seen);
  });

  test('can be changed only by those in writes', async () => {
    await reset();
    expect(await as([provider], (knex) => knex('enrolments').where({ id: 1 }).update({ provider_id: provider }))).toBe(0);
    expect(await as([provider], (knex) => knex('enrolments').where({ id: 1 }).delete())).toBe(0);
    await expect(
      as([provider], (knex) => knex('enrolments').insert({ id: 2, school_id: school, provider_id: provider })),
    ).rejects.toThrow('violates row-level security');
    // The school decides with which provider it shares the row.
    expect(await as([school], (knex) => knex('enrolments').where({ id: 1 }).update({ provider_id: otherProvider }))).toBe(1);
  });

  test('cannot be taken from one by the other, nor given to a third', async () => {
    await reset();
    const refused = 'taken from a tenant';
    const move = (to: object) => as([provider], (knex) => knex('tickets').where({ id: 1 }).update(to));
    await expect(move({ school_id: otherSchool })).rejects.toThrow(refused);
    await expect(move({ school_id: null })).rejects.toThrow(refused);
    // Whoever gives away their own part no longer writes the row.
    await expect(move({ provider_id: otherProvider })).rejects.toThrow('violates row-level security');
    await expect(move({ school_id: otherSchool, provider_id: otherProvider })).rejects.toThrow('violates row-level security');
    const upsert = (knex: any) =>
      knex('tickets').insert({ id: 1, school_id: otherSchool, provider_id: provider }).onConflict('id').merge();
    await expect(as([provider], upsert)).rejects.toThrow(refused);
    // Whoever acts for both may.
    expect(await as([school, otherSchool], (knex) => knex('tickets').where({ id: 1 }).update({ school_id: otherSchool }))).toBe(
      1,
    );
  });
});
