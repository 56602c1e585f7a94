import type { AgeBand } from '@ilearn/core';
import { Store } from './store.js';

/** A role of the signed-in person. */
export interface TenantRole {
  /** Null for a role in the whole portal. */
  tenant: string | null;
  role: string;
}

/** The signed-in person. */
export interface Session {
  personId: string;
  displayName: string;
  /** Language chosen in this session; null if none was chosen. */
  language: string | null;
  /** Of a pupil, if known. */
  ageBand: AgeBand | null;
  roles: TenantRole[];
  permissions: string[];
}

/** `undefined` until the server has answered, `null` if nobody is signed in. */
export const session = new Store<Session | null | undefined>(undefined);

/** Whether the person has this permission: `public`, `signed-in`, or one that a plugin declares. */
export function can(permission: string): boolean {
  if (permission === 'public') return true;
  const person = session.value;
  if (!person) return false;
  return permission === 'signed-in' || person.permissions.includes(permission);
}

/** Whether the person has the role of a pupil and no other. Their pages have the density for children. */
export const isPupil = (): boolean => {
  const roles = session.value?.roles ?? [];
  return roles.length > 0 && roles.every(({ role }) => role === 'pupil');
};
