import type { Position } from '@ilearn/core';
import { z } from 'zod';
import { providerKinds } from './tenants.js';

/** More schools than there are in Flanders. */
export const mostSchools = 5_000;
/** Classes of a school year, and members of a class. */
export const mostClasses = 2_000;
export const mostMembers = 2_000;
export const mostSites = 500;
/** Other numbers of a school. Adding more is refused. */
export const mostNumbers = 50;
/** Providers in a page of the list. */
export const mostProviders = 500;
/** People of a provider. Adding more is refused. */
export const mostProviderPeople = 500;

/** Part of a list: at most `limit` rows, those after the position `after`. */
export interface ListPart {
  limit: number;
  after: Position | null;
}

/** Response schemas of the routes; the types are in `exports.ts`. */
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

export const providerShape = z.object({ id: z.uuid(), kind: z.enum(providerKinds), name: z.string() });
