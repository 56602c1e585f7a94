// Live topics: what an idle connection costs in memory, and how long a message takes from its commit to a page, on two webs. Beside it plain koa
// that streams server-sent events and is woken by NOTIFY, without rights, a log or catching up.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { quantile, withDatabase } from './support.mjs';

const CONNECTIONS = Number(process.env.BENCH_LIVE ?? 10_000);
const MESSAGES = Number(process.env.BENCH_LIVE_MESSAGES ?? 400);
/** Pages on each web while messages are measured. */
const PAGES = 500;
/** Classes that the messages are about: each page follows one. */
const CLASSES = 50;
const OF_SESSION = 10;
const BETWEEN_MS = 10;
const here = dirname(fileURLToPath(import.meta.url));

const begin = async (script, args, databaseUrl) => {
  const child = fork(join(here, 'servers', script), args, {
    execArgv: ['--expose-gc'],
    env: { ...process.env, DATABASE_URL: databaseUrl, ILEARN_TEST_POSTGRES: databaseUrl, NODE_ENV: 'production' },
  });
  const [told] = await once(child, 'message');
  const ask = async (message) => {
    child.send(message);
    const [answer] = await once(child, 'message');
    return answer;
  };
  return { ...told, ask, stop: () => child.kill('SIGKILL') };
};

const pagesOf = ({ url, topic }, cookies, count) =>
  Array.from({ length: count }, (_, n) => ({
    url,
    cookie: cookies[Math.floor(n / OF_SESSION) % cookies.length],
    topic: `${topic}:{"id":${(n % CLASSES) + 1}}`,
  }));

/** Bytes that each of so many idle connections adds to a web. */
async function idle(script, databaseUrl) {
  const web = await begin(script, [String(CLASSES), String(Math.ceil(CONNECTIONS / OF_SESSION))], databaseUrl);
  const pages = await begin('live-pages.mjs', [], databaseUrl);
  try {
    // What is made once, at the first connections, is not theirs.
    await pages.ask({ what: 'follow', wanted: pagesOf(web, web.cookies, 100) });
    const before = await web.ask({ what: 'memory' });
    const began = performance.now();
    await pages.ask({ what: 'follow', wanted: pagesOf(web, web.cookies.slice(10), CONNECTIONS - 100) });
    const seconds = (performance.now() - began) / 1000;
    await pause(2_000);
    const after = await web.ask({ what: 'memory' });
    const each = (name) => (after[name] - before[name]) / (CONNECTIONS - 100) / 1024;
    return { heap: each('heapUsed'), resident: each('rss'), all: after.rss / 1_048_576, seconds };
  } finally {
    pages.stop();
    web.stop();
  }
}

/** Milliseconds from the moment of publishing, in a unit of work at either of two webs, to a page at either. */
async function latency(script, databaseUrl) {
  const first = await begin(script, [String(CLASSES), String((2 * PAGES) / OF_SESSION)], databaseUrl);
  const second = await begin(script, [String(CLASSES), '0', first.database], databaseUrl);
  const pages = await begin('live-pages.mjs', [], databaseUrl);
  try {
    const half = Math.ceil(first.cookies.length / 2);
    await pages.ask({ what: 'follow', wanted: pagesOf(first, first.cookies.slice(0, half), PAGES) });
    await pages.ask({
      what: 'follow',
      wanted: pagesOf(second, [...first.cookies.slice(half), ...first.cookies.slice(0, 1)], PAGES),
    });
    for (let n = 0; n < 50; n++) await (n % 2 === 0 ? first : second).ask({ what: 'publish', id: (n % CLASSES) + 1 });
    await pause(1_000);
    await pages.ask({ what: 'late' });
    for (let n = 0; n < MESSAGES; n++) {
      await (n % 2 === 0 ? first : second).ask({ what: 'publish', id: (n % CLASSES) + 1 });
      await pause(BETWEEN_MS);
    }
    await pause(2_000);
    const { late, received } = await pages.ask({ what: 'late' });
    return { p50: quantile(late, 0.5), p95: quantile(late, 0.95), p99: quantile(late, 0.99), received };
  } finally {
    pages.stop();
    second.stop();
    first.stop();
  }
}

export async function measureLive(serverUrl) {
  const rows = [];
  for (const [name, script] of [
    ['koa by hand: NOTIFY and a stream, no guarantee', 'live-plain.mjs'],
    ['kernel: rights, log, catching up', 'live.mjs'],
  ]) {
    const memory = await withDatabase(serverUrl, (url) => idle(script, url));
    process.stderr.write(`live: ${name}, memory\n`);
    const { p50, p95, p99, received } = await withDatabase(serverUrl, (url) => latency(script, url));
    process.stderr.write(`live: ${name}, latency\n`);
    rows.push({
      server: name,
      'heap, kB each': memory.heap.toFixed(1),
      'resident, kB each': memory.resident.toFixed(1),
      'resident in all, MB': Math.round(memory.all),
      'to connect, s': memory.seconds.toFixed(1),
      'p50, ms': p50,
      'p95, ms': p95,
      'p99, ms': p99,
      received: `${received} of ${(MESSAGES * 2 * PAGES) / CLASSES}`,
    });
  }
  console.table(rows);
  console.log(
    `${CONNECTIONS} idle connections of one web; ${MESSAGES} messages over two webs with ${PAGES} pages each, each message to ${(2 * PAGES) / CLASSES} pages\n`,
  );
}
