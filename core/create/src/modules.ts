import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/** A plugin of this release that a portal can use. */
export interface Module {
  /** Name without the prefix of the package: `myway`. */
  id: string;
  /** Name of its package: `@ilearn/plugin-myway`. */
  package: string;
  version: string;
  description: string;
  /** Ids of the modules that it cannot do without. */
  requires: string[];
}

/** What a release consists of; `core/scripts/modules.mjs` writes it when the repository is built. */
export interface Release {
  /** Exact versions of `@ilearn/core` and `@ilearn/ui`, by package name. */
  base: Record<string, string>;
  /** Each after the modules that it requires. */
  modules: Module[];
}

/** Nobody can sign in without these, so every portal has them. */
export const ESSENTIAL = ['directory', 'login'];
/** What `--yes` takes when `--modules` is not given. */
export const USUAL = ['library', 'lti', 'myway', 'notifications', 'operations', 'privacy', 'search'];

export const readRelease = (): Release => JSON.parse(readFileSync(new URL('./modules.json', import.meta.url), 'utf8')) as Release;

export interface Choice {
  /** In the order of the release: each after what it requires. */
  modules: Module[];
  /** Modules that were not asked for, with the reason: `myway requires lti`. */
  added: { id: string; why: string }[];
}

/**
 * Adds what the chosen modules cannot do without.
 *
 * @param ids short names (`myway`) or names of packages (`@ilearn/plugin-myway`)
 * @throws UsageError that names the unknown ones and all known ones
 */
export function chooseModules({ modules }: Release, ids: readonly string[]): Choice {
  const find = (id: string) => modules.find((each) => each.id === id || each.package === id);
  const unknown = ids.filter((id) => find(id) === undefined);
  if (unknown.length > 0) throw unknownModules(unknown, modules);
  const chosen = new Set(ids.map((id) => (find(id) as Module).id));
  const added: Choice['added'] = [];
  const add = (id: string, why: string) => {
    if (chosen.has(id)) return;
    chosen.add(id);
    added.push({ id, why });
  };
  for (const id of ESSENTIAL) add(id, 'nobody can sign in without it');
  // A Set yields what is added to it during the loop, so this reaches what added modules require.
  for (const id of chosen) for (const other of (find(id) as Module).requires) add(other, `${id} requires it`);
  return { modules: modules.filter(({ id }) => chosen.has(id)), added };
}

function unknownModules(unknown: readonly string[], modules: readonly Module[]): UsageError {
  const known = modules.map(({ id }) => id);
  const lines = unknown.map((id) => `There is no module "${id}".`);
  const width = Math.max(...known.map((id) => id.length)) + 2;
  const list = modules.map(({ id, description }) => `  ${id.padEnd(width)}${description}`);
  return new UsageError(
    `${lines.join('\n')}\nThe modules are:\n${list.join('\n')}\nPlugins of others are installed afterwards: see README.md in the portal's folder.`,
  );
}
