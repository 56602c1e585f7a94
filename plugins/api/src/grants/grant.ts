import { z } from 'zod';
import { mostScopes } from '../apps/app.js';

export const mostGrants = 200;

const scopes = z.array(z.string()).max(mostScopes);

/** What a school granted, as the partner sees it. */
export const grantOfApp = z.object({
  school: z.object({ id: z.uuid(), name: z.string(), instellingsnummer: z.string() }),
  scopes,
  since: z.date(),
});
export type GrantOfApp = z.output<typeof grantOfApp>;

/** An app as a school sees it. */
export const appOfSchool = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: z.string(),
  description: z.string(),
  website: z.string(),
  scopes: scopes.describe('What it asks'),
  granted: scopes.describe('What the school switched on; empty: nothing'),
  since: z.date().nullable(),
  calls: z.int().describe('Calls that were answered in the last 30 days'),
  active: z.boolean().describe('Whether the portal lets it in now'),
});
export type AppOfSchool = z.output<typeof appOfSchool>;
