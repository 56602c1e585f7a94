import type { PluginDefinition } from '../contract/plugin.js';
import type { Principal, RoleGrant, TenantScope } from '../contract/principal.js';
import { freezeGrants, freezePrincipal } from '../foundation/freeze.js';

type Declared = Pick<PluginDefinition, 'permissions' | 'mayGrant' | 'roles'>;

/** For all plugins: which roles have a permission, which roles may give which, and in which kinds of tenant each may be held. */
export class Permissions {
  readonly #roles = new Map<string, ReadonlySet<string>>();
  readonly #granting = new Set<Record<string, string[]>>();
  /** Principals by grants and permission. The grants of a cached session are the same object in each request, so they serve as key. */
  #narrowed = new WeakMap<readonly RoleGrant[], Map<string, Principal | null>>();
  readonly #kinds = new Set<NonNullable<Declared['roles']>>();

  add({ permissions = {}, mayGrant, roles }: Declared): void {
    if (roles !== undefined) this.#kinds.add(roles);
    if (mayGrant !== undefined) this.#granting.add(mayGrant);
    for (const [name, roles] of Object.entries(permissions)) this.#roles.set(name, new Set(roles));
    this.#narrowed = new WeakMap();
  }

  remove({ permissions = {}, mayGrant, roles }: Declared): void {
    if (roles !== undefined) this.#kinds.delete(roles);
    if (mayGrant !== undefined) this.#granting.delete(mayGrant);
    for (const name of Object.keys(permissions)) this.#roles.delete(name);
    this.#narrowed = new WeakMap();
  }

  /** The tenants in which these grants give the permission; null if there are none. */
  tenantsFor(permission: string, grants: readonly RoleGrant[]): TenantScope | null {
    const roles = this.#roles.get(permission);
    const held = grants.filter(({ role }) => roles?.has(role));
    return held.length === 0 ? null : tenantsOf(held);
  }

  /** Whether a holder of these grants may give a role to people and take it from them. Never true for roles in the whole portal. */
  mayGrant(grants: readonly RoleGrant[], { tenant, role }: RoleGrant): boolean {
    if (tenant === null) return false;
    const near = grants.filter((held) => held.tenant === null || held.tenant === tenant);
    return near.some((held) =>
      [...this.#granting].some((granting) => Object.hasOwn(granting, held.role) && granting[held.role]?.includes(role)),
    );
  }

  /** Kinds of tenant in which a role may be held; null: no plugin limits it. */
  kindsOf(role: string): ReadonlySet<string> | null {
    const declared = [...this.#kinds].filter((roles) => Object.hasOwn(roles, role)).flatMap((roles) => roles[role] ?? []);
    return declared.length === 0 ? null : new Set(declared);
  }

  heldBy(grants: readonly RoleGrant[]): string[] {
    const held = [...this.#roles].filter(([, roles]) => grants.some(({ role }) => roles.has(role)));
    return held.map(([name]) => name);
  }

  /** The principal for a permission, its tenants narrowed to those where it is granted; null if it is not granted. */
  narrow(personId: string, grants: readonly RoleGrant[], permission?: string): Principal | null {
    const roles = freezeGrants(grants);
    const known = this.#narrowed.get(roles) ?? new Map<string, Principal | null>();
    const key = `${personId} ${permission ?? ''}`;
    let principal = known.get(key);
    if (principal === undefined) {
      const tenants = permission === undefined ? tenantsOf(roles) : this.tenantsFor(permission, roles);
      principal = tenants === null ? null : freezePrincipal({ kind: 'person', id: personId, roles, tenants });
      this.#narrowed.set(roles, known.set(key, principal));
    }
    return principal;
  }
}

/** Every tenant of the grants; a grant without a tenant means all of them. */
export function tenantsOf(grants: readonly RoleGrant[]): TenantScope {
  const tenants = new Set<string>();
  for (const { tenant } of grants) {
    if (tenant === null) return '*';
    tenants.add(tenant);
  }
  return [...tenants];
}
