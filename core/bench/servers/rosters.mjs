// Takes over many schools, twice: the second time nothing has changed. Tells seconds, the greatest memory and the rows that were written.
import { createTestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school } from '@ilearn/plugin-directory/testing';
import rosters from '@ilearn/plugin-rosters';

const [schools, source] = [Number(process.argv[2]), process.argv[3]];
const megabytes = () => Math.round(process.memoryUsage.rss() / 1024 ** 2);
const portal = await createTestPlatform({
  plugins: [directory, rosters],
  http: { rosters: { hosts: [source] } },
  settings: { logLevel: 'warn' },
});
const ids = [];
for (let at = 0; at < schools; at++) {
  const { id, instellingsnummer } = await school(portal, { name: `School ${at}`, instellingsnummer: String(500_000 + at) });
  ids.push(id);
  await portal.work('rosters', ({ connections }) =>
    connections.set(
      id,
      {
        address: `${source}/${instellingsnummer}`,
        path: 'v1p2',
        shape: '1.2',
        authentication: 'body',
        tokenAddress: `${source}/token`,
        scope: '',
        clientId: 'bench',
        schoolId: '',
        accounts: 'none',
        nightly: false,
      },
      'secret',
    ),
  );
}

/** A run of every school at once. */
async function round(name) {
  let most = megabytes();
  const watch = setInterval(() => {
    most = Math.max(most, megabytes());
  }, 100);
  const since = performance.now();
  for (const id of ids) await portal.work('rosters', ({ runs }) => runs.start(id, 'manual'));
  let states = [];
  do {
    await new Promise((resolve) => setTimeout(resolve, 500));
    states = await portal.work('rosters', ({ knex }) =>
      knex('runs').whereIn('state', ['reading', 'applying']).limit(1).pluck('id'),
    );
  } while (states.length > 0);
  const seconds = Math.round((performance.now() - since) / 1000);
  clearInterval(watch);
  const latest = await portal.work('rosters', ({ knex }) =>
    knex('runs').distinctOn('school_id').orderBy('school_id').orderBy('started_at', 'desc').select('state', 'changes'),
  );
  const sum = (what) =>
    latest.reduce((all, { changes }) => all + Object.values(changes ?? {}).reduce((one, counts) => one + counts[what], 0), 0);
  return {
    run: name,
    done: latest.filter(({ state }) => state === 'done').length,
    seconds,
    'MB at most': most,
    'rows written': sum('added') + sum('changed') + sum('removed'),
    'rows unchanged': sum('unchanged'),
  };
}

const rows = [await round('first'), await round('again, without change')];
await portal.stop();
process.send(rows, () => process.exit(0));
