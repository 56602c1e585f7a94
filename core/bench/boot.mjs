// How long a portal of N plugins takes to start on PostgreSQL, with nothing there yet and with everything migrated, and what it
// holds in memory.
import { median, runOnce, withDatabase } from './support.mjs';

const ROUNDS = Number(process.env.BENCH_BOOTS ?? 3);

export async function measureBoot(serverUrl) {
  const rows = [];
  for (const count of [1, 10, 100]) {
    const boots = { first: [], again: [], heap: [] };
    for (let round = 0; round < ROUNDS; round++) {
      await withDatabase(serverUrl, async (url) => {
        const boot = () => runOnce({ script: 'boot.mjs', args: [String(count)] }, url);
        boots.first.push((await boot()).bootMs);
        const { bootMs, heapMb } = await boot();
        boots.again.push(bootMs);
        boots.heap.push(heapMb);
      });
    }
    process.stderr.write(`boot: ${count} plugins\n`);
    rows.push({
      plugins: count,
      'first start, with migrations, ms': median(boots.first),
      'start, migrated, ms': median(boots.again),
      'heap of kernel and plugins, MB': median(boots.heap),
    });
  }
  console.table(rows);
  console.log(`10 routes, 2 tables and a job a plugin; median of ${ROUNDS} starts\n`);
}
