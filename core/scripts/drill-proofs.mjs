// What the drills of `npm run drill` prove, and how they say it.
import pg from 'pg';
import { startDemonstration } from './demonstration.mjs';

const begun = performance.now();
let failed = 0;

export function say(line) {
  console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);
}

/** Says that something holds; `fault`: why it does not, null if it does. */
export function prove(what, fault) {
  if (fault === null) return say(`✓ ${what}`);
  failed++;
  say(`✗ ${what}: ${fault}`);
}

/** Ends the process: with 0 if everything was proved. */
export function end() {
  say(failed === 0 ? 'Everything is back.' : `${failed} proofs failed.`);
  process.exit(failed === 0 ? 0 : 1);
}

export const query = async (client, text, values) => (await client.query(text, values)).rows;

export async function connect(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`set timezone = 'UTC'`);
  return client;
}

/** What restoring sets back, or the next start writes anew. */
const passing = ['processes', 'running_messages', 'file_uploads', 'machine_budgets', 'clock', 'secrets', 'plugins', 'messages'];

/** Rows and hash of every table, as PostgreSQL itself computes them. */
export async function tablesOf(client) {
  const tables = await query(
    client,
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition
       and (n.nspname = 'kernel' and c.relname <> all ($1) or n.nspname in (select replace(id, '-', '_') from kernel.plugins)) order by 1, 2`,
    [passing],
  );
  const found = new Map();
  for (const { schema, name } of tables) {
    const [row] = await query(
      client,
      `select count(*) as rows, md5(string_agg(md5(t::text), '' order by md5(t::text))) as hash from "${schema}"."${name}" t`,
    );
    found.set(`${schema}.${name}`, `${row.rows} rows, ${row.hash}`);
  }
  return found;
}

export function firstDifference(wanted, found) {
  for (const [name, value] of wanted) if (found.get(name) !== value) return `${name}: ${found.get(name)} instead of ${value}`;
  const more = [...found.keys()].find((name) => !wanted.has(name));
  return more === undefined ? null : `${more} is new`;
}

/** Starts a portal on this database and folder, and looks at learning paths as a teacher. */
export async function serves(what, databaseUrl, folder) {
  const portal = await startDemonstration({ databaseUrl, folder });
  try {
    const answer = await fetch(`${portal.url}/api/demo/session`, {
      method: 'POST',
      headers: { origin: portal.url, 'content-type': 'application/json' },
      body: JSON.stringify({ door: 'teacher' }),
    });
    const cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const paths = await fetch(`${portal.url}/api/myway/paths`, { headers: { cookie } });
    const text = await paths.text();
    prove(
      `${what} serves, and a teacher sees the learning paths`,
      paths.ok && text.includes('"title"') ? null : `${paths.status} ${text.slice(0, 200)}`,
    );
  } finally {
    await portal.stop();
  }
}
