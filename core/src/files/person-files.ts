import type { SqlIdentity, Unit } from '../context/unit.js';
import { quote } from '../database/names.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { FileStorage } from './storage.js';

interface Row {
  id: string;
  name: string;
  bytes: string;
  sealed: boolean;
  [column: string]: unknown;
}

/**
 * The files of a plugin that name a person, by path below the plugin's folder in an export: `files/<kind>/<id>-<name>`. Files are read from
 * the store while they are consumed.
 *
 * @param identity determines the rows that row-level security makes visible
 */
export async function personFiles(
  unit: Unit,
  { id, definition }: CheckedPlugin,
  identity: SqlIdentity,
  storage: FileStorage,
  personId: string,
): Promise<Record<string, AsyncIterable<Uint8Array>>> {
  const found: Record<string, AsyncIterable<Uint8Array>> = {};
  for (const [kind, { people = {} }] of Object.entries(definition.files ?? {})) {
    const columns = Object.keys(people);
    if (columns.length === 0) continue;
    const named = columns.map((column) => `${quote(column)} = $1::uuid`).join(' or ');
    const text = `select id, name, bytes, sealed from ${quote(kind)} where ${named} order by created_at, id`;
    const { rows } = await unit.query<Row>(identity, { text, values: [personId] });
    for (const { id: file, name, bytes, sealed } of rows) {
      found[`files/${kind}/${file}-${name.replace(/[/\\]/g, '_') || 'file'}`] = storage.read(
        { plugin: id, kind, id: file, thumbnail: false },
        Number(bytes),
        sealed,
      );
    }
  }
  return found;
}
