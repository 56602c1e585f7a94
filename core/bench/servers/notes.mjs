// What all servers of the benchmark answer: one note of the caller's tenant, found by its id.
import { createHash } from 'node:crypto';
import pg from 'pg';

export const TENANT = '11111111-1111-4111-8111-111111111111';
export const PERSON = '33333333-3333-4333-8333-333333333333';
export const NOTE = '55555555-5555-4555-8555-555555555555';
const SESSION_ID = 'b'.repeat(43);
export const NOTE_COUNT = 10_000;
export const sessionHash = (id) => createHash('sha256').update(id).digest();

/** Tables of the two koa servers; the kernel makes its own. */
export async function prepareNotes(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    create schema plain;
    create table plain.notes (id uuid primary key, school_id uuid not null, text text not null);
    insert into plain.notes select gen_random_uuid(), '${TENANT}', 'note ' || i from generate_series(1, ${NOTE_COUNT}) i;
    insert into plain.notes values ('${NOTE}', '${TENANT}', 'the note');
    create table plain.sessions (id_hash bytea primary key, person_id uuid not null, expires_at timestamptz not null);
    create table plain.role_grants (person_id uuid not null, school_id uuid not null, role text not null, primary key (person_id, school_id, role));
    insert into plain.role_grants values ('${PERSON}', '${TENANT}', 'teacher');
    create role bench_plain nologin;
    grant usage on schema plain to bench_plain;
    grant select on plain.notes to bench_plain;
    alter table plain.notes enable row level security;
    create policy tenant on plain.notes using (school_id = any ((select string_to_array(current_setting('plain.tenants', true), ','))::uuid[]));
  `);
  await client.query(`insert into plain.sessions values ($1, $2, now() + interval '1 day')`, [sessionHash(SESSION_ID), PERSON]);
  await client.end();
}

/** Serves a koa app on a free port and tells the benchmark where. */
export function serve(listener) {
  const server = listener.listen(0, '127.0.0.1', () => {
    process.send({ url: `http://127.0.0.1:${server.address().port}/api/notes/notes/${NOTE}`, cookie: `ilearn=${SESSION_ID}` });
  });
}
