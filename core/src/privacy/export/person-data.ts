import { readAudit } from '../../audit/read-audit.js';
import type { Unit } from '../../context/unit.js';
import type { TenantScope } from '../../contract/principal.js';
import type { PersonRelation } from '../../contract/table.js';
import { quote } from '../../database/names.js';
import { names } from '../erasure/erasure-statements.js';
import type { PrivatePlugin, PrivateTable } from '../person-table.js';
import { KEY, type KeyColumn, keyset, type Row, rowBatches } from './row-batches.js';

/** The rows of one table that name a person. */
export interface PersonRows {
  table: string;
  /** How the person relates to its rows. */
  relations: PersonRelation[];
  /** Id of the purpose. */
  purpose: string;
  use: string;
  /** Columns that are left out, with the reason. */
  withheld: Record<string, string>;
  /** Reads the rows; may be called repeatedly. */
  batches(): AsyncGenerator<Row[]>;
}

/** Runs one query in a short unit of work. */
export type Reading = <T>(read: (unit: Unit) => Promise<T>) => Promise<T>;

/** The tables of a plugin that may name the person, without those that would tell of other tenants than the export is limited to. */
export function personRows(reading: Reading, { identity, tables }: PrivatePlugin, personId: string): PersonRows[] {
  return tables
    .filter(({ people, declaration }) => people.length > 0 && (identity.tenants === '*' || declaration.export !== 'whole'))
    .map((table) => {
      const { withheld = {}, purpose = '', use = '' } = table.declaration;
      const { column, after, order } = keyset(keyOf(table), '$2');
      const select = `select ${shown(table)}, ${column} from ${quote(table.name)} where (${table.people.map(names).join(' or ')})`;
      return {
        table: table.name,
        relations: table.people.map(({ relation }) => relation),
        purpose,
        use,
        withheld,
        batches: () =>
          rowBatches((cursor, limit) =>
            reading(async (unit) => {
              const text = `${select}${cursor === null ? '' : ` and ${after}`} order by ${order} limit ${cursor === null ? '$2' : '$3'}`;
              const values = cursor === null ? [personId, limit] : [personId, cursor, limit];
              return (await unit.query<Row>(identity, { text, values })).rows;
            }),
          ),
      };
    });
}

/** The primary key; without one, the ctid, which changes when the row does. */
function keyOf({ columns }: PrivateTable): KeyColumn[] {
  const key = [...columns].filter(([, { primary }]) => primary).map(([name, { type }]) => ({ sql: quote(name), type }));
  if (key.length > 0) return key;
  return [
    { sql: 'tableoid', type: 'oid' },
    { sql: 'ctid', type: 'tid' },
  ];
}

const shown = ({ columns, declaration }: PrivateTable): string =>
  [...columns]
    .filter(([name]) => declaration.withheld?.[name] === undefined)
    .map(([name, { type }]) => (type === 'bytea' ? `encode(${quote(name)}, 'base64') as ${quote(name)}` : quote(name)))
    .join(', ');

interface KernelTable {
  table: string;
  purpose: string;
  use: string;
  columns: string;
  /** `$1` is the person, `$2` the tenants as an array (null: all). */
  where: string;
  key: KeyColumn[];
  withheld?: Record<string, string>;
}

const ofAll = '$2::text[] is null';

const kernelTables: KernelTable[] = [
  {
    table: 'sessions',
    purpose: 'safe-environment',
    use: 'Keeping a person signed in',
    columns:
      'display_name, language, device, age_band, tenant_id, started_by, fixed, authenticated_at, created_at, seen_at, expires_at',
    where: `person_id = $1 and (${ofAll} or tenant_id = any ($2))`,
    key: [
      { sql: 'created_at', type: 'timestamptz' },
      { sql: 'id_hash', type: 'bytea' },
    ],
    withheld: { id_hash: 'The key of a session.', handle: 'A number that distinguishes sessions.' },
  },
  {
    table: 'role_grants',
    purpose: 'safe-environment',
    use: 'Deciding what a person may do',
    columns: 'tenant_id, role',
    where: `person_id = $1 and (${ofAll} or tenant_id = any ($2))`,
    key: [
      { sql: `coalesce(tenant_id, '')`, type: 'text' },
      { sql: 'role', type: 'text' },
    ],
  },
  {
    table: 'messages',
    purpose: 'safe-environment',
    use: 'Work that waits to be done',
    columns: 'plugin, kind, name, payload, created_at, due_at, failed_at',
    where: `t::text like '%' || $1::text || '%' and (${ofAll} or t.tenants <@ to_jsonb($2::text[]))`,
    key: [{ sql: 'position', type: 'bigint' }],
  },
  {
    table: 'live_messages',
    purpose: 'safe-environment',
    use: 'Telling open pages what has changed',
    columns: 'topic, payload, numbered_at',
    // Live messages do not belong to a tenant, and are deleted after ten minutes.
    where: `t.topic || t.payload::text like '%' || $1::text || '%' and ${ofAll}`,
    key: [{ sql: 'id', type: 'bigint' }],
  },
  {
    table: 'exports',
    purpose: 'rights-of-people',
    use: 'Giving a person a copy of their data',
    columns: 'state, language, requested_at, finished_at, expires_at',
    where: `(person_id = $1 or asked_by = $1) and (${ofAll} or tenants <@ $2)`,
    key: [{ sql: 'id', type: 'uuid' }],
    withheld: { asked_by: 'This file does not disclose who else asked.' },
  },
  decision('objections', 'Acting on an objection', 'purpose as purpose_id'),
  decision('restrictions', 'Acting on a restriction', 'ground'),
  decision('consents', 'Proving a consent', 'purpose as purpose_id, about, version, text_hash, given_as'),
];

/** What a person decided about their data, which concerns all tenants. */
function decision(table: string, use: string, columns: string): KernelTable {
  return {
    table,
    purpose: 'rights-of-people',
    use,
    columns: `${columns}, since, withdrawn_at`,
    where: `person_id = $1 and (${ofAll} or true)`,
    key: [{ sql: 'id', type: 'uuid' }],
    withheld: { recorded_by: 'This file does not disclose who else acted.' },
  };
}

/** The kernel's own data about a person, limited to these tenants where the data belong to a tenant. */
export function kernelRows(reading: Reading, personId: string, tenants: TenantScope): PersonRows[] {
  const scope = tenants === '*' ? null : tenants;
  const tables = kernelTables.map(({ table, purpose, use, columns, where, key, withheld = {} }): PersonRows => {
    const { column, after, order } = keyset(key, '$4');
    const select = `select ${columns}, ${column} from kernel.${table} t where ${where}`;
    return {
      table,
      relations: ['subject'],
      purpose,
      use,
      withheld,
      batches: () =>
        rowBatches((cursor, limit) =>
          reading(async (unit) => {
            const text = `${select}${cursor === null ? '' : ` and ${after}`} order by ${order} limit $3`;
            const values = [personId, scope, limit];
            return (await unit.kernel<Row>(text, cursor === null ? values : [...values, cursor])).rows;
          }),
        ),
    };
  });
  return [...tables, auditRows(reading, personId, tenants)];
}

const auditRows = (reading: Reading, personId: string, tenants: TenantScope): PersonRows => ({
  table: 'audit_entries',
  relations: ['subject'],
  purpose: 'safe-environment',
  use: 'Showing who saw and changed what',
  withheld: { actor: 'This file does not disclose who else acted.' },
  batches: () =>
    rowBatches((cursor, limit) =>
      reading(async (unit) => {
        const lines = await readAudit(unit, { id: personId, role: 'any', tenants, before: cursor?.[0] ?? null, limit });
        return lines.map(({ id, at, actor, actorKind, route, status, tenants: of }) => ({
          at,
          by: actor === personId ? 'self' : actorKind,
          route,
          status,
          tenants: of,
          [KEY]: [id],
        }));
      }),
    ),
});
