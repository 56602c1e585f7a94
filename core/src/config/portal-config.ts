import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { z } from 'zod';
import type { Fault } from '../plugins/fault.js';

const schema = z.strictObject({ plugins: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The composition: package name → the plugin's configuration (`{}` for none). */
export type PortalConfig = z.infer<typeof schema>;

/** Gives `ilearn.config.ts` its type. */
export const defineConfig = (config: PortalConfig): PortalConfig => config;

export const CONFIG_FILE = 'ilearn.config.ts';

/** Reads `ilearn.config.ts` of a portal's folder. */
export async function readPortalConfig(root: string): Promise<{ config: PortalConfig | null; faults: Fault[] }> {
  const file = join(root, CONFIG_FILE);
  const fault = (where: string, message: string, mend: string): { config: null; faults: Fault[] } => ({
    config: null,
    faults: [{ plugin: CONFIG_FILE, where, message, mend }],
  });
  if (!existsSync(file))
    return fault(
      'file',
      `There is no ${CONFIG_FILE} in ${root}.`,
      'Run the command in the portal’s folder, or write one: export default defineConfig({ plugins: { … } }).',
    );
  let value: unknown;
  try {
    value = await createJiti(import.meta.url).import(file, { default: true });
  } catch (error) {
    return fault('file', `It cannot be read: ${(error as Error).message}`, 'Mend the file.');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { config: parsed.data, faults: [] };
  const faults = parsed.error.issues.map(({ path, message }) => ({
    plugin: CONFIG_FILE,
    where: path.map(String).join('.') || '(the whole)',
    message,
    mend: 'Write plugins: { "package-name": { …its configuration } }.',
  }));
  return { config: null, faults };
}
