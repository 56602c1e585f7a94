import type { Unit } from '../context/unit.js';
import type { TenantScope } from '../contract/principal.js';
import type { AuditEntry } from '../contract/privacy.js';

export interface AuditLine extends Omit<AuditEntry, 'summary' | 'doing'> {
  /** Path parameters; pseudonyms are resolved if they are still known. */
  params: Record<string, string | null>;
  status: number;
  tenants: string[];
  requestId: string;
  /** Id of the client that acted; null if none did. */
  client: string | null;
  /** For a setting: its field, and the values before and after. */
  details: Record<string, unknown> | null;
}

const MOST_LINES = 10_000;

export interface AuditSearch {
  id: string;
  /** `any`: as the actor or in the path. */
  role: 'any' | 'actor';
  /** Entries of other tenants are left out. */
  tenants?: TenantScope;
  since?: Date | null;
  until?: Date | null;
  /** Only entries before the one with this id. */
  before?: string | null;
  limit?: number;
}

/** Entries that name a person (or any other id), newest first. */
export async function readAudit(
  unit: Unit,
  { id, role, tenants = '*', since = null, until = null, before = null, limit = MOST_LINES }: AuditSearch,
): Promise<AuditLine[]> {
  const { rows } = await unit.kernel<AuditLine & { [column: string]: unknown }>(
    `select e.id::text, e.at, e.actor_kind as "actorKind",
       (select p.id from kernel.audit_pseudonyms p where p.pseudonym = e.actor) as actor, e.plugin, e.route,
       (select coalesce(jsonb_object_agg(named.key, (select p.id from kernel.audit_pseudonyms p where p.pseudonym = named.value::uuid)), '{}')
        from jsonb_each_text(e.params) named) as params,
       e.status, e.tenants, e.request_id as "requestId", e.client, e.details
     from kernel.audit_entries e, (select pseudonym from kernel.audit_pseudonyms where id = $1) asked
     where e.people @> array[asked.pseudonym] and ($2 = 'any' or e.actor = asked.pseudonym)
       and ($3::timestamptz is null or e.at >= $3) and ($4::timestamptz is null or e.at < $4)
       and ($5::bigint is null or e.id < $5) and ($6::text[] is null or e.tenants && $6)
     order by e.id desc limit $7`,
    // Entries about the whole portal concern every tenant.
    [id, role, since, until, before, tenants === '*' ? null : [...tenants, '*'], Math.min(limit, MOST_LINES)],
  );
  return rows;
}
