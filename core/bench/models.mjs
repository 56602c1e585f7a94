import { runOnce, withDatabase } from './support.mjs';

/** The same reads by knex and by an Objection model, in one process of its own. */
export async function measureModels(server) {
  await withDatabase(server, async (url) => {
    const rows = await runOnce({ script: 'models.mjs', args: [] }, url);
    console.log('Reads by a model compared with the same reads by knex: time, median of the rounds');
    console.table(rows);
  });
}
