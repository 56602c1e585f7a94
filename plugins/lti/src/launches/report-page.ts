import { z } from 'zod';

/** A contribution to `lti.report-pages`: the page on which people report a launch that failed, with its code as the query parameter `code`. */
export const reportPageContribution = z.object({ path: z.string().regex(/^\/[^/]/, 'must be a path of the portal') });
