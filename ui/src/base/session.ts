import type { AgeBand } from '@ilearn/core';
import { isOnlyPupil, permits } from './permits.js';
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
  /** Whether they had signed in at most five minutes before the server was asked. */
  recent: boolean;
}

/** `undefined` until the server has answered, `null` if nobody is signed in. */
export const session = new Store<Session | null | undefined>(undefined);

/** Whether the person has this permission: `public`, `signed-in`, or one that a plugin declares. */
export const can = (permission: string): boolean => permits(session.value, permission);

/** Whether the person has the role of a pupil and no other. Their pages have the density for children. */
export const isPupil = (): boolean => isOnlyPupil(session.value?.roles ?? []);
