import type { Statement } from '../context/unit.js';
import type { TenantScope } from '../contract/principal.js';

export interface AuditEntry {
  actorKind: string;
  /** Id of the acting person; null if the actor is not a person. */
  actor: string | null;
  /** Id of the acting client, a program of a partner; null if the actor is not a client. */
  client?: string | null;
  plugin: string;
  /** The route's pattern, or the command: `GET /api/directory/people/:id`. */
  route: string;
  /** Path parameters, by name. */
  params: Record<string, string>;
  status: number;
  tenants: TenantScope;
  requestId: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The statement that adds an audit entry. Path parameters are not stored as they are: each UUID, which may be a person's, is replaced by
 * its pseudonym, and other text, which may be a name, is left out. Pseudonyms are created only if the request succeeded (status below 400),
 * and never for a person who is being erased, so that such a request does not record them again.
 *
 * @param details additional facts, such as the old and new value of a setting; stored unchanged, so they must not name people
 */
export function entryStatement(entry: AuditEntry, details: object | null = null): Statement {
  const params = Object.entries(entry.params).filter(([, value]) => uuid.test(value));
  const ids = params.map(([, value]) => value.toLowerCase());
  return {
    text: `
      with named as (select n.name, n.id from unnest($1::text[], $2::uuid[]) as n (name, id)),
      made as (
        insert into kernel.audit_pseudonyms (id)
        select distinct id from named n where $3 and not exists (select from kernel.audit_pseudonyms p where p.id = n.id)
          and not exists (select from kernel.erasures e where e.person_id = n.id)
        on conflict (id) do update set id = excluded.id
        returning id, pseudonym),
      known as (
        select n.name, p.pseudonym from named n join kernel.audit_pseudonyms p on p.id = n.id
        union all select n.name, m.pseudonym from named n join made m on m.id = n.id)
      insert into kernel.audit_entries (actor_kind, actor, plugin, route, params, status, tenants, request_id, people, details, client)
      select $4, (select pseudonym from known where name = ''), $5, $6,
        (select coalesce(jsonb_object_agg(name, pseudonym) filter (where name <> ''), '{}') from known),
        $7, $8, $9, array(select distinct pseudonym from known), $10::jsonb, $11::uuid`,
    values: [
      [...params.map(([name]) => name), ...(entry.actor === null ? [] : [''])],
      [...ids, ...(entry.actor === null ? [] : [entry.actor])],
      entry.status < 400,
      entry.actorKind,
      entry.plugin,
      entry.route,
      entry.status,
      entry.tenants === '*' ? ['*'] : [...entry.tenants],
      entry.requestId,
      details === null ? null : JSON.stringify(details),
      entry.client ?? null,
    ],
  };
}
