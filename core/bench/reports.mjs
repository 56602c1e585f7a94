// How long it takes to count, publish and release what the pupils of many schools did, how much slower other pages answer meanwhile, and how fast
// published figures are read. BENCH_SCHOOLS=1000 makes 300,000 pupils and 10 million results; the default is a tenth of it. At that size all of it should take an
// hour at most, the 95th percentile of other requests should rise by a fifth at most, and figures should be there in 50 ms. Releases need a last month
// that has been over for three days.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile, withDatabase } from './support.mjs';

const SCHOOLS = Number(process.env.BENCH_SCHOOLS ?? 100);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
/** Milliseconds between two requests while figures are counted: a portal in use, with time left for other work. */
const PAUSE = 50;

export async function measureReports(serverUrl) {
  const measured = await withDatabase(serverUrl, measure);
  const { made, marks, counting, publishing, releasing, published, others, figures, memory } = measured;
  console.table([
    { asked: 'other pages, nothing else to do', ...shown(others.alone) },
    { asked: 'other pages, while figures are counted', ...shown(others.counting) },
    { asked: 'other pages, while figures are published', ...shown(others.publishing) },
    { asked: 'other pages, while data are released', ...shown(others.releasing) },
    { asked: 'published figures', ...shown(figures) },
  ]);
  const rise = (times) => Math.round((quantile(times, 0.95) / quantile(others.alone, 0.95) - 1) * 100);
  const rises = [others.counting, others.publishing, others.releasing].map(rise);
  const seconds = counting + publishing + releasing;
  const judged = (isKept) => (isKept ? 'kept' : 'NOT KEPT');
  console.log(`${made.schools} schools, ${made.pupils} pupils, ${made.results} results, ${marks} marks`);
  console.log(
    `counted in ${counting} s, ${published.periods} periods and ${published.figures} figures published in ${publishing} s`,
  );
  console.log(`an open and a research release in ${releasing} s`);
  console.log(`at most an hour for all of it: ${seconds} s, ${judged(seconds <= 3_600)}`);
  console.log(
    `at most 20 % more at the 95th percentile of other pages: ${rises.join(' %, ')} %, ${judged(Math.max(...rises) <= 20)}`,
  );
  console.log(`figures in 50 ms at the 95th percentile: ${judged(quantile(figures, 0.95) <= 50)}`);
  console.log(`${memory} MB in use at the end; jobs run in the process that answers, and the database shares this machine\n`);
}

const shown = (times) => ({
  requests: times.length,
  'median, ms': quantile(times, 0.5).toFixed(1),
  '95th percentile, ms': quantile(times, 0.95).toFixed(1),
});

async function measure(url) {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'servers', 'reports.mjs');
  const child = fork(script, [String(SCHOOLS)], {
    env: { ...process.env, DATABASE_URL: url, ILEARN_TEST_POSTGRES: url, NODE_ENV: 'production' },
  });
  const ask = async (what) => {
    child.send({ ask: what });
    return (await once(child, 'message'))[0];
  };
  try {
    const [{ url: address, asked, made }] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the portal ended with ${code}`))),
    ]);
    const others = { alone: await during(address, asked.others, forSeconds(SECONDS)) };
    const marks = await ask('mark');
    process.stderr.write(`reports: ${marks} marks\n`);
    const until = (done) => async () => done(await ask('published'), await ask('waiting'), await ask('released'));
    const timed = async (key, begin, done) => {
      const began = performance.now();
      await ask(begin);
      others[key] = await during(address, asked.others, until(done));
      const seconds = Math.round((performance.now() - began) / 1_000);
      process.stderr.write(`reports: ${key} took ${seconds} s\n`);
      return seconds;
    };
    const counting = await timed('counting', 'begin', (found) => found.marks === 0);
    const publishing = await timed('publishing', 'publish', (found, waiting) => found.periods > 0 && waiting === 0);
    const releasing = await timed('releasing', 'release', (_, waiting, released) => released === 2 && waiting === 0);
    const figures = await during(address, asked.figures, forSeconds(SECONDS));
    const ended = { published: await ask('published'), memory: await ask('memory') };
    return { made, marks, counting, publishing, releasing, others, figures, ...ended };
  } finally {
    child.disconnect();
  }
}

/** Whether so many seconds are over. */
function forSeconds(seconds) {
  const until = performance.now() + seconds * 1_000;
  return async () => performance.now() > until;
}

/** Asks one after the other, with pauses, until it is done; looks each second whether it is. Returns milliseconds of each answer. */
async function during(address, asked, isDone) {
  const agent = new Agent({ keepAlive: true });
  const times = [];
  let looked = performance.now();
  for (let turn = 0; ; turn++) {
    const { path, cookie } = asked[turn % asked.length];
    const began = performance.now();
    await get(agent, new URL(path, address), cookie);
    times.push(performance.now() - began);
    if (performance.now() - looked > 1_000) {
      looked = performance.now();
      if (await isDone()) break;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  agent.destroy();
  return times;
}

function get(agent, url, cookie) {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent, headers: cookie === '' ? {} : { cookie } }, (answer) => {
      answer.on('data', () => {});
      answer.once('error', reject);
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${url.pathname}: ${answer.statusCode}`)),
      );
    });
    asking.once('error', reject);
    asking.end();
  });
}
