import { z } from 'zod';

const period = z.object({ label: z.string(), from: z.string(), to: z.string() });
const value = z.union([z.boolean(), z.number(), z.string(), z.array(z.string()).max(1_000), z.array(period).max(500), z.null()]);

const field = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  kind: z.enum(['boolean', 'date', 'choice', 'choices', 'integer', 'number', 'text', 'secret', 'periods']),
  options: z
    .array(z.object({ value: z.string(), label: z.string() }))
    .max(1_000)
    .default([]),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.int().optional(),
  most: z.int().optional(),
  value,
  fallback: value,
  source: z.enum(['tenant', 'portal', 'default']),
  misfit: z.boolean(),
  proposals: z.array(z.object({ label: z.string(), periods: z.array(period).max(500) })).max(10),
});

export const section = z.object({ plugin: z.string(), title: z.string(), version: z.int(), fields: z.array(field).max(200) });
/** The kernel's section, and one for each plugin with settings. */
export const sections = z.array(section).max(500);

/** Change of one section. `reset`: fields whose own value is removed, so that they fall back to the inherited or default value. */
export const change = z.strictObject({
  version: z.int().min(0),
  values: z.record(z.string().max(60), z.unknown()).default({}),
  reset: z.array(z.string().max(60)).max(200).default([]),
});

/** Maximum number of tenants in a response. */
export const SHOWN = 999;
export const tenants = z.object({
  tenants: z.array(z.object({ id: z.string(), name: z.string() })).max(SHOWN),
  /** There are more tenants than are listed. */
  more: z.boolean(),
});

export type Period = z.output<typeof period>;
export type Field = z.output<typeof field>;
export type Section = z.output<typeof section>;
export type Change = z.input<typeof change>;
