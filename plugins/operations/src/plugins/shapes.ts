import { z } from 'zod';

/** Maximum number of plugins, and of the routes, faults and dependencies of each. */
export const mostPlugins = 1_000;

export const pluginReport = z.object({
  id: z.string(),
  title: z.string(),
  package: z.string(),
  version: z.string().nullable(),
  contract: z.int().nullable(),
  state: z.enum(['started', 'waiting', 'disabled', 'quarantined']),
  phase: z.string().nullable(),
  code: z.string().nullable(),
  resting: z.array(z.string()).max(mostPlugins),
  causes: z.array(z.object({ where: z.string(), message: z.string(), remedy: z.string() })).max(mostPlugins),
  required: z.boolean(),
  requires: z.array(z.string()).max(mostPlugins),
  dependants: z.array(z.string()).max(mostPlugins),
  changing: z.boolean(),
  /** Of the process that answers, since its start. */
  cost: z.object({
    bootMs: z.number(),
    requests: z.int(),
    requestMs: z.number().nullable(),
    slowStatements: z.int(),
    bundleBytes: z.int().nullable(),
  }),
});
export type PluginReport = z.infer<typeof pluginReport>;
