import { runOnce } from './support.mjs';

/** Searches of a library with many activities: times of the whole request, by what is asked. `ILEARN_BENCH_ACTIVITIES` (default 50,000). */
export async function measureLibrary(server) {
  const size = process.env['ILEARN_BENCH_ACTIVITIES'] ?? '50000';
  const rows = await runOnce({ script: 'library.mjs', args: [size] }, server);
  console.log(
    `Search among ${Number(size).toLocaleString('en')} activities: milliseconds of a request, facets counted unless it says otherwise`,
  );
  console.table(rows);
}
