import type { DatabaseHome } from '../../database/homes/home.js';
import type { RoleNames } from '../../database/names.js';
import type { Composition } from '../../plugins/composition.js';

/** What a verb printed, and the exit code of the command. */
export interface Outcome {
  code: number;
  lines: string[];
}

export interface VerbInput {
  verb: 'list' | 'retry' | 'enable' | 'disable' | 'detach' | 'purge';
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

export const done = (...lines: string[]): Outcome => ({ code: 0, lines });

export const refused = (...lines: string[]): Outcome => ({ code: 2, lines });

export const unknown = (id: string): Outcome => refused(`There is no plugin "${id}" in this portal. See: ilearn plugin list`);
