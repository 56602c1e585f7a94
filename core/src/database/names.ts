import { usedBy } from '../contract/dependencies.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { SchemaAccess } from './sql/names.js';

/** Lower-case words joined by single hyphens, so that only the kernel can put `__` into a role name. */
export const pluginIdPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const schemaOf = (pluginId: string): string => pluginId.replaceAll('-', '_');

/** The inverse of `schemaOf`. */
export const pluginOf = (schema: string): string => schema.replaceAll('_', '-');

/** The schemas that a plugin's SQL may use: its own, and those of the plugins that it uses. */
export const schemaAccessOf = ({ id, definition }: Pick<CheckedPlugin, 'id' | 'definition'>): SchemaAccess => ({
  plugin: id,
  schema: schemaOf(id),
  readable: new Set(usedBy(definition).map(schemaOf)),
});

export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The two roles of a plugin: one owns its tables and runs its migrations; the other runs everything else. */
export class RoleNames {
  constructor(private readonly prefix: string) {}

  /** Whether this portal created the role for a plugin. */
  includes(role: string): boolean {
    return role.startsWith(`${this.prefix}_`);
  }

  runtime(pluginId: string): string {
    return `${this.prefix}_${schemaOf(pluginId)}`;
  }

  owner(pluginId: string): string {
    return `${this.prefix}_${schemaOf(pluginId)}__owner`;
  }
}
