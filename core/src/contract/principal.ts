/** A role that a person holds. */
export interface RoleGrant {
  /** Id of the tenant in which the role is held; null: in the whole portal. */
  readonly tenant: string | null;
  readonly role: string;
}

/** The tenants whose rows a unit of work may see: a list of tenant ids, or `'*'` for all tenants. */
export type TenantScope = readonly string[] | '*';

/** On whose behalf a unit of work runs. */
export interface Principal {
  readonly kind: 'person' | 'tool' | 'service' | 'system' | 'anonymous';
  /** Id of the person, tool or service; null for `system` and `anonymous`. */
  readonly id: string | null;
  readonly roles: readonly RoleGrant[];
  /**
   * The tenants whose rows row-level security makes visible. For a route, the kernel narrows them to those where a role grants the
   * permission.
   */
  readonly tenants: TenantScope;
}

/** A client that is not signed in: no id, no roles, no tenants. */
export const anonymous: Principal = Object.freeze({
  kind: 'anonymous',
  id: null,
  roles: Object.freeze([]),
  tenants: Object.freeze([]),
});

/** The portal itself, as in jobs and commands, with the rows of these tenants; default all tenants. */
export function systemPrincipal(tenants: TenantScope = '*'): Principal {
  return { kind: 'system', id: null, roles: [], tenants };
}
