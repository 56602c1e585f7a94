import type { Http } from '@ilearn/core';
import { z } from 'zod';
import type { Protocol } from './protocol.js';

/** What a school enters so that the portal knows whose accounts are its own. */
export const realmKinds = ['domain', 'tenant', 'platform', 'instellingsnummer', 'none'] as const;
export type RealmKind = (typeof realmKinds)[number];

const isProtocol = (value: unknown): value is Protocol =>
  typeof value === 'object' &&
  value !== null &&
  ['start', 'finish', 'logout', 'notice'].every((name) => typeof (value as Record<string, unknown>)[name] === 'function');

/** Schema of a contribution to `sign-in-oidc.providers`; `defineSignIn` makes it. */
export const providerContribution = z.strictObject({
  /** Part of the addresses `/api/sign-in-oidc/<key>/…`, and of the identities: never change it. */
  key: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40'),
  /** The name of the provider, as people know it. */
  label: z.string().min(1).max(40),
  realm: z.enum(realmKinds),
  /** Sessions end after this many hours: short where the provider does not tell when people sign out there. */
  sessionHours: z.number().positive().max(12),
  protocol: z.custom<Protocol>(isProtocol, 'a protocol with start, finish, logout and notice'),
  /** The service `http` of the contributing plugin, once it has started. */
  http: z.custom<() => Http>((value) => typeof value === 'function', 'a function'),
});

/** A contribution to `sign-in-oidc.providers`. */
export type ProviderContribution = z.output<typeof providerContribution>;
