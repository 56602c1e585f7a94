import type { Unit } from '../database/unit.js';

export interface AuditLine {
  at: Date;
  actorKind: string;
  /** The person's id, while it is known; else null. */
  actor: string | null;
  route: string;
  /** What the address named: ids, where they are known still. */
  params: Record<string, string | null>;
  status: number;
  schools: string[];
  requestId: string;
}

const MOST_LINES = 10_000;

/**
 * Entries that name a person, or anything else by its id, the newest first.
 *
 * @param role `any`: as whoever acts or in the address
 */
export async function readAudit(
  unit: Unit,
  { id, role, since = null }: { id: string; role: 'any' | 'actor'; since?: Date | null },
): Promise<AuditLine[]> {
  const { rows } = await unit.kernel<AuditLine & { [column: string]: unknown }>(
    `select e.at, e.actor_kind as "actorKind", (select p.id from kernel.audit_pseudonyms p where p.pseudonym = e.actor) as actor, e.route,
       (select coalesce(jsonb_object_agg(named.key, (select p.id from kernel.audit_pseudonyms p where p.pseudonym = named.value::uuid)), '{}')
        from jsonb_each_text(e.params) named) as params,
       e.status, e.schools, e.request_id as "requestId"
     from kernel.audit_entries e, (select pseudonym from kernel.audit_pseudonyms where id = $1) asked
     where e.people @> array[asked.pseudonym] and ($2 = 'any' or e.actor = asked.pseudonym) and ($3::timestamptz is null or e.at >= $3)
     order by e.at desc limit ${MOST_LINES}`,
    [id, role, since],
  );
  return rows;
}
