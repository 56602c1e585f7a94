import type { DatabaseHome } from '../../database/homes/home.js';
import type { RoleNames } from '../../database/names.js';
import type { FileStorage } from '../../files/storage.js';
import { didYouMean } from '../../foundation/nearest-name.js';
import type { Composition } from '../../plugins/composition.js';
import type { Reload } from '../plugin-switch.js';

/** Output of a command, and its exit code: 0, or 2 if it was refused. */
export interface CommandResult {
  code: number;
  lines: string[];
}

export type PluginCommandName = 'list' | 'retry' | 'enable' | 'disable' | 'detach' | 'attach' | 'purge';

/** `ilearn plugin <command> <id>`, where `attach` takes a folder in place of the id; or `ilearn backup`. */
export interface CommandInput {
  command: PluginCommandName | 'backup';
  id: string;
  options: { yes?: boolean; withDependants?: boolean; to?: string };
  /** For `backup`; the key in base64. */
  backup?: { to: string; keep: number | null; withFiles: boolean; key: string };
}

export interface CommandContext {
  home: DatabaseHome;
  names: RoleNames;
  composition: Composition;
  /** The store of files. */
  storage: FileStorage;
  /** Loads the package of a plugin that is disabled; undefined: it cannot be loaded. */
  reload: Reload | undefined;
  /** Applies the database's state to the portal in this process; null if none runs here. */
  sync: (() => Promise<void>) | null;
}

export type PluginCommand = (context: CommandContext, input: CommandInput) => Promise<CommandResult>;

export const succeeded = (...lines: string[]): CommandResult => ({ code: 0, lines });

export const refused = (...lines: string[]): CommandResult => ({ code: 2, lines });

export const unknownPlugin = (id: string, { entries }: Composition): CommandResult => {
  const ids = entries.map((entry) => entry.id);
  return refused(`There is no plugin "${id}" in this portal.${didYouMean(id, ids)} See: ilearn plugin list`);
};
