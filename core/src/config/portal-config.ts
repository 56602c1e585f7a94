import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { z } from 'zod';
import { describeIssue } from '../foundation/describe-issue.js';
import type { Fault } from '../foundation/diagnosis.js';
import { purposeShape } from '../foundation/purposes.js';

const schema = z
  .strictObject({
    /** Package name → the plugin's configuration (`{}` for none). */
    plugins: z.record(z.string(), z.record(z.string(), z.unknown())),
    /** Packages without which the portal does not start; other packages may be out of service. */
    required: z.array(z.string()).optional(),
    /**
     * Plugin id → hosts that it may call in addition to those of its manifest, including private ones:
     * `{ sms: { hosts: ['http://sms.school.lan'] } }`.
     */
    http: z.record(z.string(), z.strictObject({ hosts: z.array(z.string()) })).optional(),
    /**
     * Id of a purpose → what is different in this portal, such as its controller, basis, recipients or transfers:
     * `{ support: { controller: 'joint' } }`.
     */
    purposes: z.record(z.string(), purposeShape.partial()).optional(),
  })
  .superRefine(({ plugins, required = [] }, context) => {
    for (const [index, name] of required.entries()) {
      if (plugins[name] !== undefined) continue;
      context.addIssue({ code: 'custom', path: ['required', index], message: `"${name}" is not among the plugins.` });
    }
  });

/** Contents of `ilearn.config.ts`: the plugins of a portal with their configuration, and which of them are required. */
export type PortalConfig = z.infer<typeof schema>;

/** Types `ilearn.config.ts`: `export default defineConfig({ plugins: { '@ilearn/plugin-login': {} } })`. */
export const defineConfig = (config: PortalConfig): PortalConfig => config;

export const CONFIG_FILE = 'ilearn.config.ts';

/** Reads `ilearn.config.ts` of a portal's folder. */
export async function readPortalConfig(root: string): Promise<{ config: PortalConfig | null; faults: Fault[] }> {
  const file = join(root, CONFIG_FILE);
  const fault = (where: string, message: string, remedy: string): { config: null; faults: Fault[] } => ({
    config: null,
    faults: [{ plugin: CONFIG_FILE, where, message, remedy }],
  });
  if (!existsSync(file))
    return fault(
      'file',
      `There is no ${CONFIG_FILE} in ${root}.`,
      'Run the command in the portal’s folder, or create one: export default defineConfig({ plugins: { … } }).',
    );
  let value: unknown;
  try {
    value = await createJiti(import.meta.url, { moduleCache: false }).import(file, { default: true });
  } catch (error) {
    const { message } = error as Error;
    const syntax = /^ParseError: (.*?)\s*\n[\s\S]*:(\d+):(\d+)\s*$/.exec(message);
    if (syntax === null) return fault('file', `It cannot be read: ${message}`, 'Fix the file.');
    const [, what, line, column] = syntax;
    const remedy = 'Fix it there or above: a missing bracket, for example, is noticed only further down.';
    return fault(`line ${line}, column ${column}`, `It cannot be read: ${what}.`, remedy);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { config: parsed.data, faults: [] };
  const faults = parsed.error.issues.map((issue) => ({
    plugin: CONFIG_FILE,
    where: issue.path.map(String).join('.') || 'defineConfig',
    message: describeIssue(issue, schema),
    remedy:
      issue.code === 'unrecognized_keys'
        ? 'Rename it, or remove it.'
        : issue.path[0] === 'required'
          ? 'List packages that are under plugins: required: ["package-name"].'
          : issue.path[0] === 'http'
            ? 'Write http: { "plugin-id": { hosts: ["sms.school.lan"] } }.'
            : issue.path[0] === 'purposes'
              ? "Write purposes: { support: { controller: 'joint' } }."
              : 'Write plugins: { "package-name": { …its configuration } }.',
  }));
  return { config: null, faults };
}
