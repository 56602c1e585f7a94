import { runOnce } from './support.mjs';

/** The queue, searches and tickets of a helpdesk with many: times of the whole request. `ILEARN_BENCH_TICKETS` (default 200,000), five messages each. */
export async function measureHelpdesk(server) {
  const size = process.env['ILEARN_BENCH_TICKETS'] ?? '200000';
  const rows = await runOnce({ script: 'helpdesk.mjs', args: [size] }, server);
  console.log(`A helpdesk with ${Number(size).toLocaleString('en')} tickets of five messages: milliseconds of a request`);
  console.table(rows);
}
