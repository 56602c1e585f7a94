import { createHash } from 'node:crypto';
import type { Migration } from '../../contract/table.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';

/** Migrations that are code have no stable text, so they are compared by name only. */
export const checksumOf = ({ up }: Migration): string =>
  typeof up === 'string' ? sha256(up.replace(/\s+/g, ' ').trim()) : 'code';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Changes whenever policies or grants may have to change. */
export function fingerprintOf({ id, definition }: CheckedPlugin, all: readonly CheckedPlugin[]): string {
  const { version, tables, exports, requires, migrations } = definition;
  // A required plugin that recreates its views drops their grants.
  const views = Object.keys(requires ?? {}).map((required) => {
    const other = all.find((plugin) => plugin.id === required)?.definition;
    return [required, other?.exports?.views, other?.migrations?.map(({ name }) => name)];
  });
  const readers = all.filter((plugin) => plugin.definition.requires?.[id] !== undefined).map((plugin) => plugin.id);
  return sha256(
    JSON.stringify([SECURITY_EDITION, version, tables, exports, views, readers, migrations?.map(({ name }) => name)]),
  );
}

/** To be incremented when the statements of {@link securityStatements} change, so that every plugin gets the new ones. */
const SECURITY_EDITION = 2;
