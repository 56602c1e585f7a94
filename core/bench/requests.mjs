// What the kernel costs a request, beside bare koa and koa with the same guarantees by hand, on the same route and database, at
// 1, 10 and 100 plugins. Every server is a process of its own. A machine's speed changes while one measures, so that rounds are
// short and many, every second one goes the other way round, and a ratio is the median of the ratios within a round.
import autocannon from 'autocannon';
import { prepareNotes } from './servers/notes.mjs';
import { quantile, startServer } from './support.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 24);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 1);
const CONNECTIONS = 16;
/** Until a server's code is compiled, which takes the longer the more of it there is. */
const WARM_UP_SECONDS = 9;

const contenders = [
  { name: 'bare koa: one query, no guarantee', script: 'bare.mjs', args: [] },
  { name: 'koa by hand: session, transaction, role, row-level security', script: 'by-hand.mjs', args: [] },
  { name: 'kernel, 1 plugin', script: 'kernel.mjs', args: ['1'] },
  { name: 'kernel, 10 plugins', script: 'kernel.mjs', args: ['10'] },
  { name: 'kernel, 100 plugins', script: 'kernel.mjs', args: ['100'] },
];

/** Requests per second. */
async function measure({ url, cookie }, seconds) {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, headers: { cookie } });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result.requests.total / result.duration;
}

/** What `server` reached of `reference`, with the middle half of the rounds. */
function ratio(server, reference) {
  const ratios = server.rates.map((rate, round) => rate / reference.rates[round]);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(2));
  return { middle, text: `${middle} (${low} – ${high})` };
}

export async function measureRequests(databaseUrl) {
  await prepareNotes(databaseUrl);
  const servers = [];
  try {
    for (const contender of contenders) {
      servers.push({ ...contender, rates: [], ...(await startServer(contender, databaseUrl)) });
    }
    for (const server of servers) await measure(server, WARM_UP_SECONDS);
    for (let round = 1; round <= ROUNDS; round++) {
      for (const server of round % 2 === 0 ? servers : servers.toReversed()) server.rates.push(await measure(server, SECONDS));
      process.stderr.write(`requests: round ${round} of ${ROUNDS}\n`);
    }
  } finally {
    for (const { stop } of servers) stop();
  }
  const [bare, byHand, one, , hundred] = servers;
  console.table(
    servers.map((server) => ({
      server: server.name,
      'requests/s': Math.round(quantile(server.rates, 0.5)),
      'of bare koa': ratio(server, bare).text,
      'of koa by hand': ratio(server, byHand).text,
    })),
  );
  console.log(
    `kernel (1 plugin) of koa by hand: ${ratio(one, byHand).middle} · of bare koa: ${ratio(one, bare).middle} · 100 plugins of 1: ${ratio(hundred, one).middle}`,
  );
  console.log(`median of ${ROUNDS} rounds of ${SECONDS} s (the middle half of them), ${CONNECTIONS} connections\n`);
}
