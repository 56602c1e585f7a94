import { z } from 'zod';

const consent = z.object({ person: z.uuid(), purpose: z.string(), about: z.string(), version: z.string() });

/** Events about consents, so that plugins start and stop using data. */
export const events = { 'consent-given': consent, 'consent-withdrawn': consent };
