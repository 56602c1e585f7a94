import { z } from 'zod';

export const membersType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
export const mostMembers = 100;

const roleVocabulary = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';

/** `role` as a URI or by its short name, which NRPS 2.0 §2.4.1 allows too. */
const role = z
  .string()
  .max(255)
  .transform((text) => (text.startsWith(roleVocabulary) ? text.slice(roleVocabulary.length) : text));

/** Seconds since 1970, and the number of the last change. */
const mark = z.string().regex(/^\d{1,12}-\d{1,18}$/);

/**
 * Query of NRPS 2.0 §2.4. `after` is the id of the last member of the previous page; `since` asks for the differences only; `mark` is that
 * of the first page of a list.
 */
export const membersQuery = z.object({
  role: role.optional(),
  rlid: z.string().max(255).optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(mostMembers)
    .transform((limit) => Math.min(limit, mostMembers)),
  after: z.string().max(255).optional(),
  since: mark.optional(),
  mark: mark.optional(),
});
export type MembersQuery = z.output<typeof membersQuery>;

export const memberView = z.object({
  status: z.enum(['Active', 'Deleted']).describe('Deleted, among differences: no longer a member'),
  user_id: z.string(),
  roles: z.array(z.string()).max(1),
  name: z.string().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  email: z.string().optional(),
});
export type MemberView = z.output<typeof memberView>;

export const membersView = z.object({
  id: z.url(),
  context: z.object({ id: z.string(), title: z.string() }),
  members: z.array(memberView).max(mostMembers),
});
