import { readAudit } from '../audit/read-audit.js';
import type { SchoolScope } from '../contract/principal.js';
import type { PersonRelation } from '../contract/table.js';
import { quote } from '../database/names.js';
import type { Unit } from '../database/unit.js';
import type { PrivatePlugin, PrivateTable } from './person-table.js';
import { names } from './statements.js';

/** The rows of one table that name a person. */
export interface PersonRows {
  table: string;
  /** What the person is to them. */
  relations: PersonRelation[];
  purpose: string;
  /** Columns that were left out, with the reason. */
  withheld: Record<string, string>;
  rows: Record<string, unknown>[];
}

/** A plugin's rows about a person; tables with none are left out. */
export async function personRows(unit: Unit, { identity, tables }: PrivatePlugin, personId: string): Promise<PersonRows[]> {
  const found: PersonRows[] = [];
  for (const table of tables.filter(({ people }) => people.length > 0)) {
    const { withheld = {}, purpose = '' } = table.declaration;
    const text = `select ${shown(table)} from ${quote(table.name)} where ${table.people.map(names).join(' or ')}`;
    const { rows } = await unit.query<Record<string, unknown>>(identity, { text, values: [personId] });
    if (rows.length === 0) continue;
    found.push({ table: table.name, relations: table.people.map(({ relation }) => relation), purpose, withheld, rows });
  }
  return found;
}

const shown = ({ columns, declaration }: PrivateTable): string =>
  [...columns]
    .filter(([name]) => declaration.withheld?.[name] === undefined)
    .map(([name, { type }]) => (type === 'bytea' ? `encode(${quote(name)}, 'base64') as ${quote(name)}` : quote(name)))
    .join(', ');

/** What the kernel itself holds of a person; of what is a school's, that of these schools. */
export async function kernelRows(unit: Unit, personId: string, schools: SchoolScope): Promise<PersonRows[]> {
  const scope = schools === '*' ? null : schools;
  const read = async (table: string, purpose: string, sql: string, withheld = {}): Promise<PersonRows> => {
    const { rows } = await unit.kernel<Record<string, unknown>>(sql, sql.includes('$2') ? [personId, scope] : [personId]);
    return { table, relations: ['subject'], purpose, withheld, rows };
  };
  const audit = await readAudit(unit, { id: personId, role: 'any', schools });
  const all = [
    await read(
      'sessions',
      'Keeping a person signed in',
      'select display_name, language, created_at, seen_at, expires_at from kernel.sessions where person_id = $1 order by created_at',
      { id_hash: 'The key of a session.' },
    ),
    await read(
      'role_grants',
      'Deciding what a person may do',
      `select school_id, role from kernel.role_grants
       where person_id = $1 and ($2::text[] is null or school_id = any ($2)) order by 1, 2`,
    ),
    await read(
      'messages',
      'Work that waits to be done',
      `select plugin, kind, name, payload, created_at, due_at, failed_at from kernel.messages m
       where m::text like '%' || $1::text || '%' and ($2::text[] is null or m.schools <@ to_jsonb($2::text[])) order by created_at`,
    ),
    {
      table: 'audit_entries',
      relations: ['subject' as const],
      purpose: 'Showing who saw and changed what',
      withheld: { actor: 'Who else acted is not the person’s to know from this file.' },
      rows: audit.map(({ at, actor, actorKind, route, status, schools }) => ({
        at,
        by: actor === personId ? 'self' : actorKind,
        route,
        status,
        schools,
      })),
    },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}
