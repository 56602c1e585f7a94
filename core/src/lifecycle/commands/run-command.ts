import { type Outcome, refused, type Verb } from './command.js';
import { detach } from './detach.js';
import { disable, enable, retry } from './enable-disable.js';
import { list } from './list.js';
import { purge } from './purge.js';

const verbs = { list, retry, enable, disable, detach, purge };

/** Runs a verb in whatever process holds the database. */
export const runVerb: Verb = (context, input) => (input.verb === 'list' ? inTime(run(context, input)) : run(context, input));

const run: Verb = async (context, input) => {
  const { rows } = await context.home.pool.query<{ there: boolean }>(
    `select to_regclass('kernel.plugin_states') is not null as there`,
  );
  if (rows[0]?.there === true) return verbs[input.verb](context, input);
  return refused('No portal of this version has used the database yet.', '→ ilearn migrate, or ilearn start.');
};

/** Who asks for the states while something hangs must be told that. */
const LIST_SECONDS = 15;

function inTime(listed: Promise<Outcome>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<Outcome>((resolve) => {
    const told = refused(`Neither the database nor the portal answered within ${LIST_SECONDS} seconds.`, '→ ilearn doctor');
    timer = setTimeout(resolve, LIST_SECONDS * 1_000, told);
  });
  return Promise.race([listed, hangs]).finally(() => clearTimeout(timer));
}
