// `npm run drill:recovery`: point-in-time recovery. A portal serves and people write while PostgreSQL's data are copied and its log is archived;
// then somebody deletes what they should not, and the disk is lost. The server is restored from the copy and the archive to the moment before,
// and everything of that moment must be there: rows of all tables, by count and hash, and a portal that serves. Takes about two minutes.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startDemonstration } from './demonstration.mjs';
import { connect, end, firstDifference, prove, query, say, serves, tablesOf } from './drill-proofs.mjs';
import { PostgresServer } from './postgres.mjs';

const work = mkdtempSync(join(tmpdir(), 'ilearn-recovery-'));
const folder = join(work, 'data');
const clients = [];
let primary;
let restored;

async function open(url) {
  const client = await connect(url);
  client.on('error', () => {});
  clients.push(client);
  return client;
}

/** A teacher who adds a learning path every tenth of a second. @returns what ends that, with how many were accepted */
async function writer(url) {
  const headers = { origin: url, 'content-type': 'application/json' };
  const entered = await fetch(`${url}/api/demo/session`, { method: 'POST', headers, body: JSON.stringify({ door: 'teacher' }) });
  const cookie = entered.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  let accepted = 0;
  let stopped = false;
  const writing = (async () => {
    while (!stopped) {
      const body = JSON.stringify({ title: `Herstel ${accepted}`, activityIds: [] });
      const answer = await fetch(`${url}/api/myway/paths`, { method: 'POST', headers: { ...headers, cookie }, body });
      if (answer.status !== 201) throw new Error(`a path was refused: ${answer.status} ${await answer.text()}`);
      accepted++;
      await pause(100);
    }
  })();
  return async () => {
    stopped = true;
    await writing;
    return accepted;
  };
}

try {
  primary = await PostgresServer.create(['max_connections=60', 'wal_level=replica', 'archive_mode=on', 'archive_timeout=5']);
  const archive = primary.folder('archive');
  await primary.start([`archive_command=test ! -f ${archive}/%f && cp %p ${archive}/%f`]);
  const admin = await open(primary.url);
  await admin.query(`create role portal login createrole password 'portal'`);
  await admin.query('create database portal owner portal');
  const urlOf = ({ port }, user, password) => `postgresql://${user}:${password}@127.0.0.1:${port}/portal`;

  const portal = await startDemonstration({ databaseUrl: urlOf(primary, 'portal', 'portal'), folder });
  say('the demonstration is filled');
  const stop = await writer(portal.url);
  await pause(1_000);
  restored = await primary.copy('recovery', ['max_connections=60', `restore_command=cp ${archive}/%f %p`]);
  say('the base backup was made while the portal served');
  await pause(2_000);
  const accepted = await stop();
  await portal.stop();

  const before = await open(urlOf(primary, 'postgres', 'postgres'));
  const wanted = await tablesOf(before);
  const [{ moment }] = await query(before, 'select clock_timestamp()::text as moment');
  await pause(1_000);
  await before.query('delete from myway.assignments; delete from directory.enrolments');
  const [{ last }] = await query(admin, 'select pg_walfile_name(pg_switch_wal()) as last');
  for (let tries = 0; !readdirSync(archive).includes(last); tries++) {
    if (tries > 150) throw new Error(`${last} was not archived within half a minute`);
    await pause(200);
  }
  await primary.stop('SIGKILL');
  say(`the disk of the server is lost; ${readdirSync(archive).length} files are in the archive`);

  await restored.start([`recovery_target_time=${moment}`, 'recovery_target_action=promote']);
  const after = await open(urlOf(restored, 'postgres', 'postgres'));
  for (let tries = 0; ; tries++) {
    const [{ recovering }] = await query(after, 'select pg_is_in_recovery() as recovering');
    if (!recovering) break;
    if (tries > 300) throw new Error('the server did not reach the moment within a minute');
    await pause(200);
  }
  say(`restored to ${moment}`);
  prove(`rows of ${wanted.size} tables, by count and hash`, firstDifference(wanted, await tablesOf(after)));
  const [{ paths }] = await query(after, `select count(*)::int as paths from myway.paths where title like 'Herstel %'`);
  prove(
    `the ${accepted} learning paths that were accepted during the backup and after it`,
    paths === accepted ? null : `${paths}`,
  );
  await after.query(`delete from kernel.secrets where name = 'queue'`);
  await serves('the restored portal', urlOf(restored, 'portal', 'portal'), folder);
} finally {
  for (const client of clients) await client.end().catch(() => {});
  await primary?.remove();
  await restored?.remove();
  rmSync(work, { recursive: true, force: true });
}
end();
