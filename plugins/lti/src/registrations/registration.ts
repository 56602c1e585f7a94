import { z } from 'zod';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An address of a tool: https, or http on this very machine (for development). No user name, no fragment. */
const toolAddress = z
  .url({ protocol: /^https?$/, error: 'must be an https address' })
  .max(2000)
  .superRefine((text, context) => {
    // What is no address at all is told by then, and comes here all the same.
    if (!URL.canParse(text)) return;
    const url = new URL(text);
    if (url.protocol === 'http:' && !loopback.has(url.hostname)) context.addIssue('must be https; http is for localhost only');
    if (url.username !== '' || url.password !== '') context.addIssue('must not hold a user name or password');
    if (url.hash !== '') context.addIssue('must not hold a fragment (#…)');
  });

/** An identifier that travels in URLs, forms and JWTs (LTI 1.3 Core: ASCII, 255 characters at most). */
export const identifier = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

const registrationFields = {
  key: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
    .max(100),
  name: z.string().trim().min(1).max(200),
  loginUrl: toolAddress,
  loginMethod: z.enum(['GET', 'POST']).default('GET'),
  redirectUris: z.array(toolAddress).min(1).max(20),
  jwksUrl: toolAddress,
  release: z.strictObject({ name: z.boolean(), email: z.boolean() }),
};

/** Schema of a contribution to the point `lti.registrations`. */
export const registrationContribution = z.strictObject({ ...registrationFields, clientId: identifier, deploymentId: identifier });

/** What an administrator sends to register a tool; the platform hands out the ids unless they are given. */
export const newRegistration = z.strictObject({
  ...registrationFields,
  release: registrationFields.release.default({ name: false, email: false }),
  clientId: identifier.optional(),
  deploymentId: identifier.default('1'),
});

/** What an administrator may change; the client id stays what the tool knows. */
export const changedRegistration = z.strictObject({
  ...registrationFields,
  deploymentId: identifier,
  active: z.boolean().default(true),
});

export const registrationView = z.object({
  id: z.uuid(),
  ...registrationFields,
  clientId: z.string(),
  deploymentId: z.string(),
  active: z.boolean(),
  /** Plugin that brings the registration along; null: made by an administrator. */
  source: z.string().nullable(),
});

export type Registration = z.output<typeof registrationView>;
export type RegistrationInput = z.output<typeof registrationContribution>;
export type NewRegistration = z.output<typeof newRegistration>;
export type ChangedRegistration = z.output<typeof changedRegistration>;
