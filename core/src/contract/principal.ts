/** A role that a person holds. */
export interface RoleGrant {
  /** Id of the school in which it holds; null: in the whole portal. */
  readonly school: string | null;
  readonly role: string;
}

/** The schools whose rows a unit of work may see: a list of school ids, or `'*'` for all schools. */
export type SchoolScope = readonly string[] | '*';

/** Who acts in a unit of work. */
export interface Principal {
  readonly kind: 'person' | 'tool' | 'service' | 'system' | 'anonymous';
  /** The person's id, the tool's or service's own id; null for `system` and `anonymous`. */
  readonly id: string | null;
  readonly roles: readonly RoleGrant[];
  /** The schools whose rows row-level security shows. For a route, the kernel narrows them to those where a role grants the permission. */
  readonly schools: SchoolScope;
}

/** Somebody who is not signed in: no id, no roles, no schools. */
export const anonymous: Principal = Object.freeze({
  kind: 'anonymous',
  id: null,
  roles: Object.freeze([]),
  schools: Object.freeze([]),
});

/** The portal itself, as in jobs and commands, with the rows of these schools; default all schools. */
export function systemPrincipal(schools: SchoolScope = '*'): Principal {
  return { kind: 'system', id: null, roles: [], schools };
}
