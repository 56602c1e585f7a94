import type { Principal, TenantScope } from '@ilearn/core';
import type { Knex } from 'knex';

/** Roles that give no view of the people of a school: a helper of a school group sees the tickets that its schools send. */
const withoutColleagues = ['pupil', 'group-helper'];

/**
 * Schools and providers in which the caller may see other people. For a person, those where they work; pupils see only themselves. For a
 * tool, a service or the system, the tenants of its unit of work.
 */
export function staffSchools({ kind, roles, tenants: schools }: Principal): TenantScope {
  if (kind === 'anonymous') return [];
  if (kind !== 'person') return schools;
  const staff = roles.filter(({ role }) => !withoutColleagues.includes(role));
  if (staff.some(({ tenant: school }) => school === null)) return schools;
  const own = [...new Set(staff.flatMap(({ tenant: school }) => school ?? []))];
  return schools === '*' ? own : own.filter((school) => schools.includes(school));
}

/** Limits a query to people whom the caller may see. `people`: the table's name or alias in the query. */
export function onlyVisible(query: Knex.QueryBuilder, principal: Principal, people = 'people'): Knex.QueryBuilder {
  const schools = staffSchools(principal);
  if (schools === '*') return query;
  return query.where((either) => {
    either.whereRaw('??.tenant_ids && ?::uuid[]', [people, [...schools]]);
    if (principal.kind === 'person') either.orWhere(`${people}.id`, principal.id);
  });
}

/** Those of these schools that the caller may see. */
export const seenBy = ({ tenants: schools }: Principal, ids: readonly string[]): string[] =>
  schools === '*' ? [...ids] : ids.filter((id) => schools.includes(id));

const managers = new Set(['ict-coordinator', 'principal', 'portal-administrator']);

/** Whether the caller manages a school. */
export const managesIn = ({ kind, roles }: Principal, school: string): boolean =>
  kind === 'person' && roles.some((grant) => managers.has(grant.role) && (grant.tenant === null || grant.tenant === school));

/** Schools that the caller manages as ICT coordinator. */
export const coordinatedBy = ({ roles }: Principal): string[] =>
  roles.flatMap(({ tenant: school, role }) => (role === 'ict-coordinator' && school !== null ? [school] : []));

const providerManagers = new Set(['planner', 'tool-manager', 'portal-administrator']);

/** Whether the caller manages the people of a provider. */
export const managesProvider = ({ kind, roles, tenants }: Principal, provider: string): boolean =>
  kind === 'person'
    ? roles.some(({ role, tenant }) => providerManagers.has(role) && (tenant === null || tenant === provider))
    : kind === 'system' && (tenants === '*' || tenants.includes(provider));
