import { z } from 'zod';

export const pluginReport = z.object({
  id: z.string(),
  package: z.string(),
  version: z.string().nullable(),
  state: z.enum(['started', 'waiting', 'disabled', 'quarantined']),
  phase: z.string().nullable(),
  code: z.string().nullable(),
  resting: z.array(z.string()),
  causes: z.array(z.object({ where: z.string(), message: z.string(), mend: z.string() })),
  required: z.boolean(),
  requires: z.array(z.string()),
  dependants: z.array(z.string()),
  changing: z.boolean(),
});
export type PluginReport = z.infer<typeof pluginReport>;
