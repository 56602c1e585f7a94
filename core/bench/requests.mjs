// What the kernel costs a request, beside bare koa and koa with the same guarantees by hand, on the same route and database, at
// 1, 10 and 100 plugins. Every server is a process of its own; rounds are interleaved and the median is taken, so that only
// ratios within one run count.
import autocannon from 'autocannon';
import { prepareNotes } from './servers/notes.mjs';
import { median, startServer } from './support.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 16;
/** Until a server's code is compiled, which takes the longer the more of it there is. */
const WARM_UPS = 3;

const contenders = [
  { name: 'bare koa: one query, no guarantee', script: 'bare.mjs', args: [] },
  { name: 'koa by hand: session, transaction, role, row-level security', script: 'by-hand.mjs', args: [] },
  { name: 'kernel, 1 plugin', script: 'kernel.mjs', args: ['1'] },
  { name: 'kernel, 10 plugins', script: 'kernel.mjs', args: ['10'] },
  { name: 'kernel, 100 plugins', script: 'kernel.mjs', args: ['100'] },
];

async function measure({ url, cookie }) {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, headers: { cookie } });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result.requests.average;
}

export async function measureRequests(databaseUrl) {
  await prepareNotes(databaseUrl);
  const servers = [];
  try {
    for (const contender of contenders) {
      servers.push({ ...contender, rates: [], ...(await startServer(contender, databaseUrl)) });
    }
    for (let round = 1; round <= WARM_UPS; round++) for (const server of servers) await measure(server);
    for (let round = 1; round <= ROUNDS; round++) {
      for (const server of servers) server.rates.push(await measure(server));
      process.stderr.write(`requests: round ${round} of ${ROUNDS}\n`);
    }
  } finally {
    for (const { stop } of servers) stop();
  }
  const [bare, byHand, one, , hundred] = servers.map(({ rates }) => median(rates));
  console.table(
    servers.map(({ name, rates }) => ({
      server: name,
      'requests/s': Math.round(median(rates)),
      'of bare koa': (median(rates) / bare).toFixed(2),
      'of koa by hand': (median(rates) / byHand).toFixed(2),
    })),
  );
  console.log(
    `kernel (1 plugin) of koa by hand: ${(one / byHand).toFixed(2)} · of bare koa: ${(one / bare).toFixed(2)} · 100 plugins of 1: ${(hundred / one).toFixed(2)}`,
  );
  console.log(`median of ${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections\n`);
}
