import type { TestPlatform } from '@ilearn/core/testing';
import { paramsOf, type Write } from './write-requests.js';

export interface AboutRow {
  table: string;
  text: string;
  uuids: string[];
}

/** The rows of all plugins whose subject is the person. */
export async function rowsAbout(portal: TestPlatform, person: string): Promise<AboutRow[]> {
  const { pool } = await portal.platform.home();
  const found: AboutRow[] = [];
  for (const { id, definition } of portal.platform.plugins) {
    for (const [table, { people: columns = {} }] of Object.entries(definition.tables ?? {})) {
      const subjects = Object.keys(columns).filter((column) => columns[column] === 'subject');
      if (subjects.length === 0) continue;
      const name = `"${id.replaceAll('-', '_')}"."${table}"`;
      const { rows: about } = await pool.query<{ text: string }>(
        `select to_jsonb(t)::text as text from ${name} t where ${subjects.map((each) => `t."${each}"::text like '%' || $1 || '%'`).join(' or ')}`,
        [person],
      );
      for (const { text } of about) {
        const uuids = text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
        found.push({ table: `${id}.${table}`, text, uuids: [...new Set(uuids)] });
      }
    }
  }
  return found.sort((one, other) => (one.table + one.text < other.table + other.text ? -1 : 1));
}

/** Ids in rows about a person, for the parameters in the path of a route: of the same plugin, and the person themself. */
export function placesAbout(write: Write, held: readonly AboutRow[], person: string): string[][] {
  const ofPlugin = held.filter(({ table }) => table.startsWith(`${write.path.split('/')[2]}.`));
  // One row of each table.
  const own = [...new Map(ofPlugin.map((row) => [row.table, row])).values()];
  const of = paramsOf(write).length;
  if (of === 0) return [[]];
  if (of === 1) return [...new Set([person, ...own.flatMap(({ uuids }) => uuids)])].slice(0, 6).map((id) => [id]);
  return own.flatMap(({ uuids }) => uuids.flatMap((one) => uuids.filter((id) => id !== one).map((id) => [one, id]))).slice(0, 6);
}
