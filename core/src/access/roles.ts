import type { Principal, RoleGrant, SchoolScope } from '../contract/principal.js';

/** Permission → the roles that hold it, over all plugins. */
export class Permissions {
  readonly #roles = new Map<string, ReadonlySet<string>>();

  add({ permissions = {} }: { permissions?: Record<string, string[]> }): void {
    for (const [name, roles] of Object.entries(permissions)) this.#roles.set(name, new Set(roles));
  }

  remove({ permissions = {} }: { permissions?: Record<string, string[]> }): void {
    for (const name of Object.keys(permissions)) this.#roles.delete(name);
  }

  /** Where the person holds the permission: the schools to which its rows are narrowed; null when nowhere. */
  schoolsFor(permission: string, grants: readonly RoleGrant[]): SchoolScope | null {
    const roles = this.#roles.get(permission);
    const held = grants.filter(({ role }) => roles?.has(role));
    return held.length === 0 ? null : schoolsOf(held);
  }

  heldBy(grants: readonly RoleGrant[]): string[] {
    const held = [...this.#roles].filter(([, roles]) => grants.some(({ role }) => roles.has(role)));
    return held.map(([name]) => name);
  }

  /** The principal that a person is for a permission; null when it is not granted. */
  narrow(personId: string, grants: readonly RoleGrant[], permission?: string): Principal | null {
    const schools = permission === undefined ? schoolsOf(grants) : this.schoolsFor(permission, grants);
    return schools === null ? null : { kind: 'person', id: personId, roles: grants, schools };
  }
}

/** Every school of the grants; a grant without a school means all of them. */
export function schoolsOf(grants: readonly RoleGrant[]): SchoolScope {
  const schools = new Set<string>();
  for (const { school } of grants) {
    if (school === null) return '*';
    schools.add(school);
  }
  return [...schools];
}
