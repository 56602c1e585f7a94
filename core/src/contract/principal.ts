/** A role that a person holds. */
export interface RoleGrant {
  /** Id of the tenant in which it holds; null: in the whole portal. */
  readonly tenant: string | null;
  readonly role: string;
}

/** The tenants whose rows a unit of work may see: a list of tenant ids, or `'*'` for all tenants. */
export type TenantScope = readonly string[] | '*';

/** Who acts in a unit of work. */
export interface Principal {
  readonly kind: 'person' | 'tool' | 'service' | 'system' | 'anonymous';
  /** The person's id, the tool's or service's own id; null for `system` and `anonymous`. */
  readonly id: string | null;
  readonly roles: readonly RoleGrant[];
  /** The tenants whose rows row-level security shows. For a route, the kernel narrows them to those where a role grants the permission. */
  readonly tenants: TenantScope;
}

/** Somebody who is not signed in: no id, no roles, no tenants. */
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
