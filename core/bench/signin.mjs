// How long those who are signed in wait while many others sign in: the same requests without and with the rush, in turns.
import { quantile, startServer, withDatabase } from './support.mjs';

const ROUNDS = Number(process.env.BENCH_SIGNIN_ROUNDS ?? 5);
const RUSH = Number(process.env.BENCH_SIGNIN ?? 50);
const READERS = 4;
const IDLE_MS = 2_000;

export const measureSignIn = (serverUrl) =>
  withDatabase(serverUrl, async (databaseUrl) => {
    const server = await startServer({ script: 'signin.mjs', args: [String(RUSH)] }, databaseUrl);
    try {
      await read(server, () => pause(IDLE_MS));
      const idle = [];
      const busy = [];
      const rates = [];
      for (let round = 1; round <= ROUNDS; round++) {
        idle.push(...(await read(server, () => pause(IDLE_MS))));
        busy.push(...(await read(server, async () => rates.push(await rush(server)))));
        process.stderr.write(`signin: round ${round} of ${ROUNDS}\n`);
      }
      const row = (name, times) => ({
        readers: name,
        'p50 ms': quantile(times, 0.5).toFixed(1),
        'p95 ms': quantile(times, 0.95).toFixed(1),
        'p99 ms': quantile(times, 0.99).toFixed(1),
        'p95 of idle': (quantile(times, 0.95) / quantile(idle, 0.95)).toFixed(1),
      });
      console.table([row('alone', idle), row(`while ${RUSH} sign in at once`, busy)]);
      console.log(`${Math.round(quantile(rates, 0.5))} sign-ins a second; ${READERS} readers, ${ROUNDS} rounds\n`);
    } finally {
      server.stop();
    }
  });

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds of each answer that readers get while `fn` runs. */
async function read({ url, cookie }, fn) {
  const times = [];
  let over = false;
  const reader = async () => {
    while (!over) {
      const began = performance.now();
      const answer = await fetch(url, { headers: { cookie } }).catch(() => null);
      // A connection that was kept too long.
      if (answer === null) continue;
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`a reader was answered ${answer.status}`);
      times.push(performance.now() - began);
    }
  };
  const readers = Array.from({ length: READERS }, reader);
  await fn();
  over = true;
  await Promise.all(readers);
  return times;
}

/** All of them at once; sign-ins a second. */
async function rush({ origin, password }) {
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: RUSH }, (_, each) =>
      fetch(`${origin}/api/login/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ username: `pupil-${each}`, password }),
      }),
    ),
  );
  for (const { status } of answers) if (status !== 200) throw new Error(`a sign-in was answered ${status}`);
  return (RUSH * 1_000) / (performance.now() - began);
}
