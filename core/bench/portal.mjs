// How fast a portal with much data answers what schools ask most, at a load that keeps one core busy, beside the same with a tenth of the data;
// and how many LTI launches it makes a second, as a ratio of the RSA-2048 signatures of one core. BENCH_SCHOOLS=1000 makes 300,000 pupils and
// 10 million results; the default is a tenth of it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile, withDatabase } from './support.mjs';

const SCHOOLS = Number(process.env.BENCH_SCHOOLS ?? 100);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
/** Enough that the process always has something to do, and few enough that nothing waits long. */
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 2);
const WARM_UP = 2;

const parts = {
  board: 'class board',
  followUp: 'follow-up list',
  stuck: 'teacher’s start page: stuck pupils',
  today: 'pupil’s start page: today',
  myPaths: 'my paths',
  library: 'library search with facets',
};

export async function measurePortal(serverUrl) {
  const sizes = [Math.max(1, Math.round(SCHOOLS / 10)), SCHOOLS];
  const measured = [];
  for (const schools of sizes) measured.push(await withDatabase(serverUrl, (url) => measureSize(url, schools)));
  const [tenth, whole] = measured;
  const rows = [...Object.entries(parts), ['launches', 'LTI launch: open, login, id_token']];
  console.table(
    rows.map(([key, name]) => ({
      asked: name,
      'median, ms': whole.times[key].median.toFixed(1),
      '95th percentile, ms': whole.times[key].p95.toFixed(1),
      'a tenth of the data, 95th': tenth.times[key].p95.toFixed(1),
      ratio: (whole.times[key].p95 / tenth.times[key].p95).toFixed(2),
      statements: whole.statements[key],
      'requests/s': Math.round(whole.times[key].rate),
      'core in use': `${Math.round(whole.times[key].core * 100)} %`,
    })),
  );
  const { made, seconds, signatures } = whole;
  const { rate } = whole.times.launches;
  console.log(
    `${made.schools} schools, ${made.pupils} pupils, ${made.results} results, ${made.attempts} attempts, made in ${Math.round(seconds)} s`,
  );
  const { sizes: disk } = made;
  const bytes = (what, count) => Math.round(disk[what] / count);
  console.log(
    `on disk with indexes: ${(disk.whole / 1e9).toFixed(2)} GB in all; bytes for a result ${bytes('results', made.results)}, ` +
      `a try ${bytes('attempts', made.attempts)}, a person in a class ${bytes('people', made.pupils)}`,
  );
  console.log(
    `LTI launches/s: ${rate.toFixed(0)}; RSA-2048 signatures/s of one core: ${signatures.toFixed(0)}; ratio ${(rate / signatures).toFixed(2)}`,
  );
  for (const [key, name] of rows) {
    const [few, many] = [tenth.statements[key], whole.statements[key]];
    if (few !== many) console.log(`${name}: ${few} statements with a tenth of the data, ${many} with all of it`);
  }
  console.log(`${SECONDS} s each, ${CONNECTIONS} connections; the server and the database share this machine\n`);
}

async function measureSize(url, schools) {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'servers', 'portal.mjs');
  const child = fork(script, [String(schools)], {
    env: { ...process.env, DATABASE_URL: url, ILEARN_TEST_POSTGRES: url, NODE_ENV: 'production' },
  });
  const ask = async (what) => {
    child.send({ ask: what });
    return (await once(child, 'message'))[0];
  };
  try {
    const [{ url: address, asked, made, seconds }] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the portal ended with ${code}`))),
    ]);
    const [times, statements] = [{}, {}];
    const signatures = await ask('signatures');
    for (const key of [...Object.keys(parts), 'launches']) {
      const work = key === 'launches' ? launching : getting;
      await load(address, asked[key], work, WARM_UP);
      statements[key] = await statementsOf(ask, asked[key][0], (each) => work(new Agent(), address, each));
      times[key] = await load(address, asked[key], work, SECONDS, () => ask('cpu'));
      process.stderr.write(`portal: ${key} with ${schools} schools\n`);
    }
    return { made, seconds, times, statements, signatures };
  } finally {
    child.disconnect();
  }
}

/** How many statements one request sends to the database. */
async function statementsOf(ask, each, work) {
  await ask('count');
  await work(each);
  return ask('counted');
}

/** Asks in turn on each connection until the time is over. */
async function load(address, asked, work, seconds, cpu) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const before = await cpu?.();
  const begin = performance.now();
  const until = begin + seconds * 1_000;
  const times = [];
  let turn = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const each = asked[turn++ % asked.length];
        const started = performance.now();
        await work(agent, address, each);
        times.push(performance.now() - started);
      }
    }),
  );
  const took = performance.now() - begin;
  const after = await cpu?.();
  agent.destroy();
  const busy = before === undefined ? 0 : after.user + after.system - before.user - before.system;
  return {
    median: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    rate: (times.length / took) * 1_000,
    core: busy / 1_000 / took,
  };
}

const getting = (agent, address, { path, cookie }) => send(agent, 'GET', new URL(path, address), { cookie });

/** All that the portal does for a launch: the step is opened, the browser sent to the tool, and the tool's request answered by a token. */
async function launching(agent, address, { path, cookie }) {
  const opened = await send(agent, 'POST', new URL(path, address), { cookie, origin: address });
  const { location } = await send(agent, 'GET', new URL(JSON.parse(opened.body).url, address), { cookie }, 302);
  const initiation = new URL(location).searchParams;
  const auth = new URL('/api/lti/auth', address);
  const asking = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: 'bench',
    redirect_uri: 'https://tool.example/launch',
    login_hint: initiation.get('login_hint'),
    lti_message_hint: initiation.get('lti_message_hint'),
    state: 'state',
    nonce: String(Math.random()),
  };
  for (const [name, value] of Object.entries(asking)) auth.searchParams.set(name, value);
  const { body } = await send(agent, 'GET', auth, { cookie });
  if (!body.includes('id_token')) throw new Error(`no token: ${body.slice(0, 500)}`);
}

function send(agent, method, url, headers, expected = 200) {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent, method, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const body = Buffer.concat(chunks).toString();
        if (answer.statusCode === expected) resolve({ body, location: answer.headers.location });
        else reject(new Error(`${method} ${url.pathname}: ${answer.statusCode} ${body.slice(0, 500)}`));
      });
    });
    asking.once('error', reject);
    asking.end();
  });
}
