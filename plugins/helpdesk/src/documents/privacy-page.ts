import { z } from 'zod';

/** A contribution to `helpdesk.privacy-pages`: the page that tells what the portal keeps about people. */
export const privacyPageContribution = z.object({ path: z.string().regex(/^\/[^/]/, 'must be a path of the portal') });
