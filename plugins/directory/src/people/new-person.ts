import { Problem } from '@ilearn/core';
import { z } from 'zod';
import type { NewPerson } from '../exports.js';
import { isEmail } from '../oneroster/cells.js';
import { portalRoles, providerRoles, rolesIn } from '../tenants.js';

const inSchool = rolesIn('school');
const inTenant = [...inSchool, ...providerRoles];
const name = z.string().trim().min(1, 'Give a name.').max(100, 'Keep it to 100 characters.');

const schema = z
  .object({
    givenName: name,
    familyName: name,
    kind: z.enum(['pupil', 'staff']),
    roles: z
      .array(z.object({ tenant: z.uuid('Give the id of a school or provider.').nullable(), role: z.string() }))
      .min(1, 'Give at least one role.'),
    email: z.string().refine(isEmail, 'This is not an e-mail address.').optional(),
  })
  .superRefine(({ kind, roles }, context) => {
    for (const [index, { tenant, role }] of roles.entries()) {
      const report = (message: string) => context.addIssue({ code: 'custom', path: ['roles', index], message });
      const inPortal = portalRoles.includes(role);
      if (!inPortal && !inTenant.includes(role)) {
        report(`There is no role "${role}". Choose from ${[...inTenant, ...portalRoles].join(', ')}.`);
      } else if (inPortal !== (tenant === null)) {
        report(
          inPortal
            ? `Somebody who is ${role} acts for the whole portal: omit the school or provider.`
            : `Name the ${inSchool.includes(role) ? 'school' : 'provider'} in which the person is ${role}.`,
        );
      } else if ((role === 'pupil') !== (kind === 'pupil')) {
        report(`A person of kind ${kind} cannot be ${role}.`);
      }
    }
  });

/** @throws Problem with every invalid field */
export function newPerson(input: NewPerson): z.output<typeof schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    in: 'body' as const,
    pointer: `/${path.join('/')}`,
    message,
  }));
  throw new Problem({
    type: 'directory/invalid-person',
    status: 400,
    title: 'This person cannot be added',
    detail: errors.map(({ pointer, message }) => `${pointer}: ${message}`).join(' '),
    errors,
  });
}
