import { runOnce, withDatabase } from './support.mjs';

/** What objections and restrictions cost on a table of 100,000 rows, beside the same table without their policies and triggers. */
export async function measureRights(server) {
  await withDatabase(server, async (url) => {
    const rows = await runOnce({ script: 'rights.mjs', args: [] }, url);
    console.log(
      'Policies and triggers of objection and restriction, 100,000 rows: milliseconds of a query (median), microseconds of an insert',
    );
    console.table(rows);
  });
}
