import type { Principal, RoleGrant } from '../contract/principal.js';

const sealedGrants = new WeakSet<object>();
const sealedPrincipals = new WeakSet<object>();

/** A frozen copy of the grants. */
export function freezeGrants(grants: readonly RoleGrant[]): readonly RoleGrant[] {
  if (sealedGrants.has(grants)) return grants;
  const own = Object.freeze(
    grants.map(({ tenant, role }) => Object.freeze({ tenant: tenant === null ? null : String(tenant), role: String(role) })),
  );
  sealedGrants.add(own);
  return own;
}

/** A frozen copy of the principal, because its rights are read repeatedly while plugin code runs. */
export function freezePrincipal(principal: Principal): Principal {
  if (sealedPrincipals.has(principal)) return principal;
  const { kind, id, roles, tenants } = principal;
  const own: Principal = Object.freeze({
    kind,
    id,
    roles: freezeGrants(roles),
    tenants: tenants === '*' ? tenants : Object.freeze(tenants.map(String)),
  });
  sealedPrincipals.add(own);
  return own;
}

/** Freezes arrays and plain objects recursively. Instances of classes, such as schemas and dates, are left alone. */
export function deepFreeze<T>(value: T, seen = new Set<unknown>()): T {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  seen.add(value);
  for (const { value: inner } of Object.values(Object.getOwnPropertyDescriptors(value))) deepFreeze(inner, seen);
  return Object.freeze(value);
}
