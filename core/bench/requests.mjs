// `npm run bench`: what the kernel costs a request, beside bare koa on the same route and database, at 1, 10 and 100 plugins.
// Every server runs as a process of its own on one PostgreSQL; rounds are interleaved and the median is taken, so that only
// ratios within one run count.
import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startPostgres } from '../scripts/postgres.mjs';
import { prepareNotes } from './servers/notes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 16;

const contenders = [
  { name: 'bare koa: one query, no guarantee', script: 'bare.mjs', args: [] },
  { name: 'koa by hand: session, transaction, role, row-level security', script: 'by-hand.mjs', args: [] },
  { name: 'kernel, 1 plugin', script: 'kernel.mjs', args: ['1'] },
  { name: 'kernel, 10 plugins', script: 'kernel.mjs', args: ['10'] },
  { name: 'kernel, 100 plugins', script: 'kernel.mjs', args: ['100'] },
];

function startServer({ script, args }, databaseUrl) {
  const child = fork(join(here, 'servers', script), args, {
    env: { ...process.env, DATABASE_URL: databaseUrl, ILEARN_TEST_POSTGRES: databaseUrl, NODE_ENV: 'production' },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ ...message, stop: () => child.kill('SIGKILL') }));
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
  });
}

async function measure({ url, cookie }) {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, headers: { cookie } });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result.requests.average;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const postgres = await startPostgres();
const servers = [];
try {
  await prepareNotes(postgres.url);
  for (const contender of contenders) servers.push({ ...contender, rates: [], ...(await startServer(contender, postgres.url)) });
  for (const server of servers) await measure(server);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const server of servers) server.rates.push(await measure(server));
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  }
  const [bare, byHand, one, , hundred] = servers.map(({ rates }) => median(rates));
  const rows = servers.map(({ name, rates, bootMs }) => {
    const rate = median(rates);
    return {
      server: name,
      'requests/s': Math.round(rate),
      'of bare koa': (rate / bare).toFixed(2),
      'of koa by hand': (rate / byHand).toFixed(2),
      'boot ms': bootMs ?? '',
    };
  });
  console.table(rows);
  console.log(
    `kernel (1 plugin) of koa by hand: ${(one / byHand).toFixed(2)} · of bare koa: ${(one / bare).toFixed(2)} · 100 plugins of 1: ${(hundred / one).toFixed(2)}`,
  );
  console.log(
    `median of ${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections, Node ${process.versions.node}, one PostgreSQL`,
  );
} finally {
  for (const { stop } of servers) stop();
  await postgres.stop();
}
