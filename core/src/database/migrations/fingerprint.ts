import { createHash } from 'node:crypto';
import { usedBy, uses } from '../../contract/dependencies.js';
import type { Migration } from '../../contract/table.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import type { Choice } from '../../foundation/purpose-choices.js';

/** A migration in code has no stable text, so it is compared by name only. */
export const checksumOf = ({ up }: Migration): string =>
  typeof up === 'string' ? sha256(up.replace(/\s+/g, ' ').trim()) : 'code';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Changes whenever policies or grants may have to change. */
export function fingerprintOf(
  { id, definition }: CheckedPlugin,
  all: readonly CheckedPlugin[],
  choices: ReadonlyMap<string, Choice>,
): string {
  const { version, tables, files, exports, migrations } = definition;
  // If a used plugin recreates its views, their grants are lost.
  const views = usedBy(definition).map((used) => {
    const other = all.find((plugin) => plugin.id === used)?.definition;
    return [used, other?.exports?.views, other?.migrations?.map(({ name }) => name)];
  });
  const readers = all.filter((plugin) => uses(plugin.definition, id)).map((plugin) => plugin.id);
  const ofTables = Object.values(tables ?? {}).map(({ purpose }) => choices.get(purpose ?? '') ?? null);
  return sha256(
    JSON.stringify([
      ofTables,
      ...[SECURITY_EDITION, version, tables, Object.keys(files ?? {}), exports, views, readers],
      migrations?.map(({ name }) => name),
    ]),
  );
}

/** Increment this when the statements of {@link securityStatements} change, so that every plugin gets the new ones. */
const SECURITY_EDITION = 6;
