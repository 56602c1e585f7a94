import type { DatabaseHome } from '../../database/homes/home.js';
import type { RoleNames } from '../../database/names.js';
import type { FileStorage } from '../../files/storage.js';
import { didYouMean } from '../../foundation/nearest-name.js';
import type { Composition } from '../../plugins/composition.js';

/** What a command printed, and its exit code: 0, or 2 where it was refused. */
export interface CommandResult {
  code: number;
  lines: string[];
}

/** `ilearn plugin <command> <id>`. */
export interface CommandInput {
  command: 'list' | 'retry' | 'enable' | 'disable' | 'detach' | 'purge';
  id: string;
  options: { yes?: boolean; withDependants?: boolean; to?: string };
}

export interface CommandContext {
  home: DatabaseHome;
  names: RoleNames;
  composition: Composition;
  /** The bytes of files. */
  storage: FileStorage;
  /** Applies what the database says to the portal of this process; null if none runs in it. */
  sync: (() => Promise<void>) | null;
}

export type PluginCommand = (context: CommandContext, input: CommandInput) => Promise<CommandResult>;

export const succeeded = (...lines: string[]): CommandResult => ({ code: 0, lines });

export const refused = (...lines: string[]): CommandResult => ({ code: 2, lines });

export const unknownPlugin = (id: string, { entries }: Composition): CommandResult => {
  const ids = entries.map((entry) => entry.id);
  return refused(`There is no plugin "${id}" in this portal.${didYouMean(id, ids)} See: ilearn plugin list`);
};
