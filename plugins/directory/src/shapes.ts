import { z } from 'zod';

/** More than there are in Flanders. */
export const mostSchools = 5_000;
/** Of one school year, and of one class. */
export const mostClasses = 2_000;
export const mostMembers = 2_000;
export const mostSites = 500;

/** Schemas of the routes' responses; the types are in `exports.ts`. */
export const personShape = z.object({
  id: z.uuid(),
  givenName: z.string(),
  familyName: z.string(),
  kind: z.enum(['pupil', 'staff']),
  schools: z.array(z.uuid()).max(mostSchools),
});

export const classShape = z.object({
  id: z.uuid(),
  school: z.uuid(),
  name: z.string(),
  schoolYear: z.string(),
  kind: z.enum(['class', 'group']),
  pupils: z.int(),
});

export const schoolShape = z.object({ id: z.uuid(), instellingsnummer: z.string(), name: z.string() });

export const releasesShape = z.object({ name: z.boolean(), email: z.boolean() });
