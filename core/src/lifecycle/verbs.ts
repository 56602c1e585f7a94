import type { DatabaseHome } from '../database/home.js';
import type { RoleNames } from '../database/names.js';
import type { Composition } from '../plugins/composition.js';
import { detach } from './detach.js';
import { list } from './list.js';
import { purge } from './purge.js';
import { disable, enable, retry } from './switch.js';

/** What a verb printed, and the exit code of the command. */
export interface Outcome {
  code: number;
  lines: string[];
}

export interface VerbInput {
  verb: keyof typeof verbs;
  id: string;
  options: { yes?: boolean; withDependants?: boolean; to?: string };
}

export interface VerbContext {
  home: DatabaseHome;
  names: RoleNames;
  composition: Composition;
  /** Brings the portal of this process in line with the database; null where none runs in it. */
  sync: (() => Promise<void>) | null;
}

export type Verb = (context: VerbContext, input: VerbInput) => Promise<Outcome>;

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

export const done = (...lines: string[]): Outcome => ({ code: 0, lines });

export const refused = (...lines: string[]): Outcome => ({ code: 2, lines });
