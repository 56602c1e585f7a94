/** A role that a person holds: in one school, or (`school: null`) in the whole portal. */
export interface RoleGrant {
  readonly school: string | null;
  readonly role: string;
}

/** The schools whose rows a unit of work may see: a list of school ids, or all of them. */
export type SchoolScope = readonly string[] | '*';

/** Who acts. `schools` is what row-level security lets through; the kernel narrows it for each route. */
export interface Principal {
  readonly kind: 'person' | 'tool' | 'service' | 'system' | 'anonymous';
  /** The person's id, the tool's or service's own id; null for `system` and `anonymous`. */
  readonly id: string | null;
  readonly roles: readonly RoleGrant[];
  readonly schools: SchoolScope;
}

export const anonymous: Principal = Object.freeze({
  kind: 'anonymous',
  id: null,
  roles: Object.freeze([]),
  schools: Object.freeze([]),
});

/** The portal itself, at work for the named schools (all of them unless told). */
export function systemPrincipal(schools: SchoolScope = '*'): Principal {
  return { kind: 'system', id: null, roles: [], schools };
}
