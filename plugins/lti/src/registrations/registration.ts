import { z } from 'zod';
import { gradeScopes, type ServiceScope, serviceScopes } from '../scopes.js';
import { presentations } from './presentations.js';

export type { Presentation } from './presentations.js';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** High, because ltijs and others use one redirect URI for each activity. */
export const mostRedirectUris = 1_000;

/** An address of a tool: https, or http on this machine for development, without user name, password or fragment. Kept as written. */
export const toolAddress = z
  .url({ protocol: /^https?$/, error: 'must be an https address' })
  .max(2000)
  .superRefine((text, context) => {
    // Also called if the text is not an address, which was reported already.
    if (!URL.canParse(text)) return;
    if (/[\s\p{Cc}]/u.test(text)) context.addIssue('must not contain spaces or control characters; write a space as %20');
    const url = new URL(text);
    if (url.protocol === 'http:' && !loopback.has(url.hostname)) context.addIssue('must be https; http is for localhost only');
    if (url.username !== '' || url.password !== '') context.addIssue('must not contain a user name or password');
    if (url.hash !== '') context.addIssue('must not contain a fragment (#…)');
  });

/** An identifier for use in URLs, forms and JWTs (LTI 1.3 Core: ASCII, 255 characters at most). */
export const identifier = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

const scope = z.enum(serviceScopes as unknown as [ServiceScope, ...ServiceScope[]]);

const registrationFields = {
  key: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
    .max(100),
  name: z.string().trim().min(1).max(200),
  loginUrl: toolAddress,
  loginMethod: z.enum(['GET', 'POST']).default('GET'),
  redirectUris: z
    .array(toolAddress)
    .min(1)
    .max(
      mostRedirectUris,
      `must be at most ${mostRedirectUris} addresses: a tool with more can register one and route from there`,
    ),
  jwksUrl: toolAddress,
  release: z.strictObject({ name: z.boolean(), email: z.boolean() }),
  scopes: z
    .array(scope)
    .max(20)
    .default([...gradeScopes])
    .transform((scopes) => [...new Set(scopes)]),
  deepLinkingUrl: toolAddress.nullable().default(null),
  presentation: z.enum(presentations).default('same'),
};

/** Schema of a contribution to the point `lti.registrations`. */
export const registrationContribution = z.strictObject({ ...registrationFields, clientId: identifier, deploymentId: identifier });

/** Input of an administrator who registers a tool. The platform assigns the ids that are left out. */
export const newRegistration = z.strictObject({
  ...registrationFields,
  release: registrationFields.release.default({ name: false, email: false }),
  clientId: identifier.optional(),
  deploymentId: identifier.default('1'),
});

/** What an administrator may change. The client id is fixed, because the tool stores it too. */
export const changedRegistration = z.strictObject({
  ...registrationFields,
  deploymentId: identifier,
  active: z.boolean().default(true),
});

export const registrationView = z.object({
  id: z.uuid(),
  // Not validated as input: a stored registration may predate the current rules.
  key: z.string(),
  name: z.string(),
  loginUrl: z.string(),
  loginMethod: z.enum(['GET', 'POST']),
  redirectUris: z.array(z.string()).max(mostRedirectUris),
  jwksUrl: z.string(),
  release: z.object({ name: z.boolean(), email: z.boolean() }),
  scopes: z.array(scope).max(20),
  deepLinkingUrl: z.string().nullable(),
  presentation: z.enum(presentations),
  clientId: z.string(),
  deploymentId: z.string(),
  active: z.boolean(),
  /** Plugin that contributes the registration; null: created by an administrator. */
  source: z.string().nullable(),
});

export type Registration = z.output<typeof registrationView>;
export type RegistrationInput = z.output<typeof registrationContribution>;
export type NewRegistration = z.output<typeof newRegistration>;
export type ChangedRegistration = z.output<typeof changedRegistration>;
