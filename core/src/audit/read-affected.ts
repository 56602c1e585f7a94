import type { Unit } from '../context/unit.js';
import type { TenantScope } from '../contract/principal.js';
import type { AffectedQuery } from '../contract/privacy.js';

/** Most entries that are looked through, and most ids that are returned. */
const mostEntries = 100_000;
const mostIds = 5_000;

export interface AffectedLines {
  ids: string[];
  more: boolean;
  routes: { plugin: string; route: string; times: number }[];
}

/**
 * Ids that requests named in a period, without that of the actor, and how often each route was requested. An id may be that of a class or
 * of something else, and a list names nobody.
 */
export async function readAffected(
  unit: Unit,
  tenants: TenantScope,
  { actor = null, route = null, since, until }: AffectedQuery,
): Promise<AffectedLines> {
  const { rows } = await unit.kernel<Omit<AffectedLines, 'more'>>(
    `with found as (
       select e.plugin, e.route, e.people, e.actor from kernel.audit_entries e
       where e.at >= $1 and e.at < $2 and e.status < 400
         and ($3::uuid is null or e.actor = (select pseudonym from kernel.audit_pseudonyms where id = $3))
         and ($4::text is null or e.route = $4) and ($5::text[] is null or e.tenants && $5)
       order by e.id desc limit ${mostEntries})
     select
       array(select distinct p.id from found f, unnest(f.people) as n (pseudonym)
             join kernel.audit_pseudonyms p on p.pseudonym = n.pseudonym
             where n.pseudonym is distinct from f.actor order by p.id limit ${mostIds + 1}) as ids,
       coalesce((select json_agg(r) from (select plugin, route, count(*)::int as times from found group by plugin, route
                                          order by times desc, route limit 200) r), '[]') as routes`,
    [since, until, actor, route, tenants === '*' ? null : [...tenants, '*']],
  );
  const { ids, routes } = rows[0] as Omit<AffectedLines, 'more'>;
  return { ids: ids.slice(0, mostIds), more: ids.length > mostIds, routes };
}
