import type { PluginDefinition } from '../contract/plugin.js';
import type { Principal, RoleGrant, SchoolScope } from '../contract/principal.js';
import { freezeGrants, freezePrincipal } from '../foundation/freeze.js';

type Declared = Pick<PluginDefinition, 'permissions' | 'mayGrant'>;

/** For all plugins: which roles hold a permission, and which roles may give which. */
export class Permissions {
  readonly #roles = new Map<string, ReadonlySet<string>>();
  readonly #granting = new Set<Record<string, string[]>>();
  /** Principals by grants and permission: the grants of a cached session are the same object in each request. */
  #narrowed = new WeakMap<readonly RoleGrant[], Map<string, Principal | null>>();

  add({ permissions = {}, mayGrant }: Declared): void {
    if (mayGrant !== undefined) this.#granting.add(mayGrant);
    for (const [name, roles] of Object.entries(permissions)) this.#roles.set(name, new Set(roles));
    this.#narrowed = new WeakMap();
  }

  remove({ permissions = {}, mayGrant }: Declared): void {
    if (mayGrant !== undefined) this.#granting.delete(mayGrant);
    for (const name of Object.keys(permissions)) this.#roles.delete(name);
    this.#narrowed = new WeakMap();
  }

  /** The schools in which these grants give the permission; null if none. */
  schoolsFor(permission: string, grants: readonly RoleGrant[]): SchoolScope | null {
    const roles = this.#roles.get(permission);
    const held = grants.filter(({ role }) => roles?.has(role));
    return held.length === 0 ? null : schoolsOf(held);
  }

  /**
   * Whether somebody with these grants may give a role to people, and take it from them. Nobody may for roles in the whole portal.
   */
  mayGrant(grants: readonly RoleGrant[], { school, role }: RoleGrant): boolean {
    if (school === null) return false;
    const near = grants.filter((held) => held.school === null || held.school === school);
    return near.some((held) =>
      [...this.#granting].some((granting) => Object.hasOwn(granting, held.role) && granting[held.role]?.includes(role)),
    );
  }

  heldBy(grants: readonly RoleGrant[]): string[] {
    const held = [...this.#roles].filter(([, roles]) => grants.some(({ role }) => roles.has(role)));
    return held.map(([name]) => name);
  }

  /** The principal for a permission, its schools narrowed to those where it is granted; null if it is not granted. */
  narrow(personId: string, grants: readonly RoleGrant[], permission?: string): Principal | null {
    const roles = freezeGrants(grants);
    const known = this.#narrowed.get(roles) ?? new Map<string, Principal | null>();
    const key = `${personId} ${permission ?? ''}`;
    let principal = known.get(key);
    if (principal === undefined) {
      const schools = permission === undefined ? schoolsOf(roles) : this.schoolsFor(permission, roles);
      principal = schools === null ? null : freezePrincipal({ kind: 'person', id: personId, roles, schools });
      this.#narrowed.set(roles, known.set(key, principal));
    }
    return principal;
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
