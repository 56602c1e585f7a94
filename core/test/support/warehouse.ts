import { PortalFolder } from './command.js';

export const north = '11111111-1111-4111-8111-111111111111';
export const south = '22222222-2222-4222-8222-222222222222';

const table = `
create type shade as enum ('dark', 'light');
create table crates (
  id bigint generated always as identity primary key, school_id uuid not null, inside bigint references crates, shade shade not null default 'dark',
  label text, tags text[], weights numeric[][], sealed bytea, about jsonb, raw json, share double precision, price numeric(12, 4), long interval,
  since timestamptz, day date, heavy boolean, doubled numeric generated always as (price * 2) stored, unique (school_id, label));
create table moves (id uuid primary key default gen_random_uuid(), school_id uuid not null, crate bigint not null references crates on delete cascade);
create function count_moves() returns trigger language plpgsql as $$ begin update crates set share = coalesce(share, 0) + 1 where id = new.crate; return null; end $$;
create trigger counts after insert on moves for each row execute function count_moves();
insert into crates (school_id, label) values ('${north}', 'made by a migration');
create view labels as select school_id, label from crates`;

/** A plugin with one of everything that can go wrong on the way to another database. */
const warehouse = (version: string, later = '') => `
import { definePlugin, fileAnswers } from '@ilearn/core';
import { z } from 'zod';
export default definePlugin({
  id: 'ware-house', version: '${version}', exports: { views: ['labels'] },
  tables: {
    crates: { tenant: 'school_id', people: {}, notPeople: { about: 'what is in it', raw: 'what is in it', label: 'of a thing' } },
    moves: { tenant: 'school_id', people: {} },
  },
  files: {
    papers: { tenant: { column: 'school_id', nullMeansShared: true }, types: ['text/plain'], maxBytes: 1024 * 1024 },
    letters: { tenant: { column: 'school_id', nullMeansShared: true }, types: ['text/plain'], maxBytes: 1024 * 1024, encrypt: true },
  },
  migrations: [{ name: '0001', down: '', up: ${JSON.stringify(table)} }${later}],
  commands: [{
    name: 'stock', summary: 'Fill it',
    run: async ({ work, store }) => {
      const files = [];
      for (const kind of ['papers', 'letters']) files.push([kind, await store(kind, Buffer.from(kind + ' '.repeat(200000) + 'end'), { name: kind + '.txt', type: 'text/plain' })]);
      await work(async ({ knex, files: service }) => {
        for (const [kind, file] of files) await service.keep(kind, file, {});
        await knex.raw(\`insert into crates (school_id, label, tags, weights, sealed, about, raw, share, price, long, since, day, heavy, shade) values
          ('${north}', E'line\\\\nquote" \\\\\\\\ tab\\\\t é 😀', '{a,"b,c",NULL,""}', '{{1.50,2},{3,4}}', '\\\\x00ff10', 'null', '{"b":1, "a":  2}', 'NaN', 12345678.1234, '1 mon 2 days 03:00', 'infinity', '0044-03-15 BC', true, 'light'),
          ('${south}', null, null, null, null, '{"x": [1, 2.50, "\\\\u00e9"]}', null, 0.1, null, null, '2026-11-28 01:02:03.456789+02', null, null, 'dark')\`);
        await knex.raw("insert into crates (school_id, label, inside) select '${south}', 'n' || n, case when n > 1 then 3 end from generate_series(1, 3000) n");
        // A row that refers to a later one.
        await knex.raw("update crates set inside = 3000 where label = 'n1'");
        await knex.raw("insert into moves (school_id, crate) select school_id, id from crates where id < 50");
      });
    },
  }],
  routes: [{
    method: 'GET', path: '/:kind/:id', summary: 'One', permission: 'public',
    params: z.object({ kind: z.enum(['papers', 'letters']), id: z.string() }), responses: fileAnswers,
    handler: ({ services: { files }, params: { kind, id } }) => files.open(kind, id),
  }],
});`;

const reader = `
import { definePlugin } from '@ilearn/core';
export default definePlugin({
  id: 'reader', version: '1.0.0', requires: { 'ware-house': '^1.0.0' },
  migrations: [{ name: '0001', down: '', up: 'create view shown as select label from ware_house.labels' }],
  exports: { views: ['shown'] },
});`;

const added = `, { name: '0002', down: '', up: "alter table crates add column added int not null default 7; update crates set added = 8 where label = 'n1'" }`;

/** A folder whose portal has the warehouse, and a plugin that reads its view. `newer`: a version with one more migration. */
export function warehousePortal({ newer = false, withReader = true } = {}): PortalFolder {
  const folder = new PortalFolder()
    .pack('warehouse', newer ? warehouse('1.1.0', added) : warehouse('1.0.0'))
    .pack('warehouse-reader', reader)
    .compose('warehouse', ...(withReader ? ['warehouse-reader'] : []));
  folder.environment['BACKUP_KEY'] = 'the key of archives, as long as it has to be';
  // Roles belong to the whole server, and other tests have theirs.
  folder.environment['DATABASE_ROLE_PREFIX'] = 'stored';
  return folder;
}
