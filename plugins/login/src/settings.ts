import { z } from 'zod';

/** Roles that may be required to have a second factor. Pupils have none: they have badges and pictures. */
export const rolesWithFactors = [
  'portal-administrator',
  'ict-coordinator',
  'principal',
  'teacher',
  'planner',
  'trainer',
  'coach',
  'tool-manager',
  'first-line-helper',
  'group-helper',
  'guest-teacher',
  'helpdesk-agent',
  'data-steward',
] as const;

export const settings = {
  portal: z.object({
    /** Whoever holds one of these roles and an own account needs a second factor. */
    secondFactorRoles: z.array(z.enum(rolesWithFactors)).default([]),
    /** Days from the first sign-in at which it was required to the one at which it must be there. */
    secondFactorGraceDays: z.int().min(0).max(90).default(14),
  }),
  tenant: z.object({
    /** Badges of pupils work at any time, instead of when a teacher lets them. */
    badgesAlways: z.boolean().default(false),
  }),
};
