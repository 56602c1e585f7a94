import { runOnce } from './support.mjs';

/** The catalogue and a provider's desk with the sign-ups of a country. `ILEARN_BENCH_ENROLMENTS` (default 100,000; a twentieth as many events). */
export async function measureAcademy(server) {
  const size = process.env['ILEARN_BENCH_ENROLMENTS'] ?? '100000';
  const rows = await runOnce({ script: 'academy.mjs', args: [size] }, server);
  const [enrolments, events] = [Number(size), Number(size) / 20].map((count) => count.toLocaleString('en'));
  console.log(`The academy with ${enrolments} sign-ups for ${events} events: milliseconds of a request`);
  console.table(rows);
}
