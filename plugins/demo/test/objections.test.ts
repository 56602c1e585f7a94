import cube from '@ilearn/plugin-cube';
import dataSpace from '@ilearn/plugin-data-space';
import directory from '@ilearn/plugin-directory';
import helpdesk from '@ilearn/plugin-helpdesk';
import privacy from '@ilearn/plugin-privacy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchPortal, type ScratchPortal } from '../../../core/dist/authoring/check/scratch-portal.js';
import { choicesOf } from '../../../core/dist/foundation/purpose-choices.js';
import { allPlugins } from './support/portal.js';
import { placesAbout, rowsAbout } from './support/rows-about.js';
import { findWrites, sendTo } from './support/write-requests.js';

/** Those of the portal's plugins with tables whose purpose allows an objection that holds at once, and what they need. */
const plugins = [directory, helpdesk, cube, dataSpace, privacy];

let portal: ScratchPortal;
/** Tables whose purpose allows an objection that holds at once. */
let tables: { plugin: string; table: string; name: string; people: string[]; purpose: string }[];

beforeAll(async () => {
  const checked = allPlugins.map((definition) => ({ id: definition.id, definition }));
  const choices = choicesOf(checked);
  const concerned = checked.filter(({ definition }) =>
    Object.values(definition.tables ?? {}).some(({ purpose = '' }) => choices.get(purpose) === 'objection'),
  );
  expect(plugins.map(({ id }) => id)).toEqual(expect.arrayContaining(concerned.map(({ id }) => id)));
  portal = await openScratchPortal(plugins, { uiFolder: null });
  const { unfilled } = await portal.fill();
  tables = portal.plugins.flatMap(({ id, tables: declared = {} }) =>
    Object.entries(declared).flatMap(([table, { purpose = '', people = {} }]) =>
      choices.get(purpose) === 'objection' && Object.keys(people).length > 0
        ? [{ plugin: id, table, name: `"${id.replaceAll('-', '_')}"."${table}"`, people: Object.keys(people), purpose }]
        : [],
    ),
  );
  expect(unfilled.filter((each) => tables.some(({ plugin, table }) => plugin === each.plugin && table === each.table))).toEqual(
    [],
  );
});
afterAll(() => portal?.stop());

const raw = async (text: string, values: unknown[] = []) =>
  (await (await portal.platform.platform.home()).pool.query(text, values)).rows;

/** The rows that code of each plugin finds, for the portal itself: rows that name the person, and all. */
async function seen(): Promise<Record<string, [ofPerson: number, all: number]>> {
  const found: Record<string, [number, number]> = {};
  for (const { plugin, table, name, people } of tables) {
    const rows: Record<string, unknown>[] = await portal.platform.work(plugin, ({ knex }) => knex(table).limit(1_000));
    const names = (row: Record<string, unknown>) => people.some((column) => [row[column]].flat().includes(portal.own.person));
    found[name] = [rows.filter(names).length, rows.length];
  }
  return found;
}

test('whoever objects to improvement and reports is in none of their data, and is again when it is withdrawn', async () => {
  const before = await seen();
  expect(Object.keys(before).length).toBeGreaterThan(1);
  for (const [name, [ofPerson, all]] of Object.entries(before)) {
    expect(ofPerson, name).toBeGreaterThan(0);
    expect(all, name).toBeGreaterThan(ofPerson);
  }
  const { client } = portal.own;
  const { body } = await client.get('/api/privacy/own/objections');
  const purposes: string[] = body.purposes.map(({ id }: { id: string }) => id);
  expect(purposes).toEqual(expect.arrayContaining(['improvement', 'reports', ...tables.map(({ purpose }) => purpose)]));
  for (const purpose of purposes) expect((await client.put(`/api/privacy/own/objections/${purpose}`)).status).toBe(204);
  const others = Object.fromEntries(Object.entries(before).map(([name, [ofPerson, all]]) => [name, [0, all - ofPerson]]));
  expect(await seen()).toEqual(others);

  // Later data: each row once more, without the columns that the database fills in.
  for (const { plugin, table, name, people } of tables) {
    const named = people.map((column) => `$1 = any (array[${column}]::text[])`).join(' or ');
    const [row] = await raw(`select * from ${name} where ${named} limit 1`, [portal.own.person]);
    const columns = await raw(
      `select column_name as name from information_schema.columns where table_schema || '.' || table_name = $1
         and is_generated = 'NEVER' and is_identity = 'NO'`,
      [name.replaceAll('"', '')],
    );
    await raw(`delete from ${name} where ${named}`, [portal.own.person]);
    const again = Object.fromEntries(columns.map(({ name: column }) => [column, row[column]]));
    const add = () => portal.platform.work(plugin, ({ knex }) => knex(table).insert(again));
    await add();
    expect(await raw(`select from ${name} where ${named}`, [portal.own.person]), name).toEqual([]);
    for (const purpose of purposes) await client.delete(`/api/privacy/own/objections/${purpose}`);
    expect((await seen())[name], name).toEqual([0, others[name]?.[1]]);
    await add();
    expect((await seen())[name]?.[0], name).toBe(1);
    for (const purpose of purposes) await client.put(`/api/privacy/own/objections/${purpose}`);
    expect((await seen())[name], name).toEqual(others[name]);
  }
  for (const purpose of purposes) expect((await client.delete(`/api/privacy/own/objections/${purpose}`)).status).toBe(204);
  for (const [ofPerson] of Object.values(await seen())) expect(ofPerson).toBe(1);
});

test('no route changes a row about somebody who is restricted', { timeout: 120_000 }, async () => {
  const { client, person, tenant } = portal.own;
  const about = () => rowsAbout(portal.platform, person);
  const held = await about();
  expect(held.length).toBeGreaterThan(10);
  const named = [person, ...new Set(held.flatMap(({ uuids }) => uuids))];
  let at = 0;
  const ids = { tenant, next: () => named[at++ % named.length] as string };
  // Officers end a restriction, and sessions are no data of a plugin.
  const writes = (await findWrites(portal.plugins, client)).filter(({ path }) => !/^\/api\/(kernel|privacy)\//.test(path));
  await portal.platform.work('privacy', ({ privacy: service }) => service.restrict(person, 'accuracy'));
  const seen = new Set<number>();
  for (const write of writes) {
    for (const place of placesAbout(write, held, person)) seen.add((await sendTo(client, write, ids, place)).status);
  }
  expect((await about()).map(({ text }) => text)).toEqual(held.map(({ text }) => text));
  expect([...seen]).toContain(423);
  expect([...seen].filter((status) => status >= 500)).toEqual([]);
});
