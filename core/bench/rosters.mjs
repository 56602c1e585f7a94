import { runOnce, startServer } from './support.mjs';

/** Schools taken over from a OneRoster server in a process of its own: `ILEARN_BENCH_SCHOOLS` (default 50) of 2,000 people and 100 classes. */
export async function measureRosters(server) {
  const schools = process.env['ILEARN_BENCH_SCHOOLS'] ?? '50';
  const source = await startServer({ script: 'roster-source.mjs', args: [] }, server);
  try {
    const rows = await runOnce({ script: 'rosters.mjs', args: [schools, source.url] }, server);
    console.log(`${schools} schools of 2,000 people and 100 classes, taken over by OneRoster REST`);
    console.table(rows);
  } finally {
    source.stop();
  }
}
