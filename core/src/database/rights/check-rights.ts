import { judge } from '../sql/judge.js';
import type { SchemaAccess } from '../sql/names.js';
import { SqlSyntaxError } from '../sql/parser.js';
import { migrationRules } from '../sql/rules.js';
import type { Catalog } from './catalog.js';

/** Who may have rights in a plugin's schema. */
export interface RightsHolders {
  /** The plugin's two roles. */
  own: readonly string[];
  /** Roles of the plugins that use this one: they may read its views. */
  readers: readonly string[];
  /** Whether the role belongs to a plugin. */
  isPlugin(role: string): boolean;
}

type Report = (where: string, message: string, remedy: string) => void;

/** Refuses anything through which rows or rights would bypass the kernel's policies and grants. */
export function checkRights(
  { policies, grants, functions, oddities }: Catalog,
  holders: RightsHolders,
  access: SchemaAccess,
  report: Report,
): void {
  for (const { table, name } of policies) {
    report(
      `tables.${table}`,
      `The policy ${name} would show more rows than the tenant rule: one policy that allows a row is enough.`,
      'Drop it in a migration; the kernel makes the policies from tables.',
    );
  }
  for (const { relation, kind, grantee, privilege } of grants) {
    if (holders.own.includes(grantee) || (kind === 'v' && privilege === 'SELECT' && holders.isPlugin(grantee))) continue;
    report(
      `tables.${relation}`,
      `${grantee} was granted ${privilege} on ${relation}.`,
      'Revoke it in a migration; what others may read goes through exports, whose grants the kernel makes.',
    );
  }
  for (const name of oddities) {
    report(
      'migrations',
      `The ${name} could run as another role, or store rows that no policy protects.`,
      'Drop it in a migration.',
    );
  }
  const ofFunctions = { ...access, functions: new Set(functions.map(({ name }) => name)) };
  for (const { name, definer, settings, definition } of functions) {
    if (definer) {
      report(
        'migrations',
        `The function ${name} is "security definer" and would bypass row-level security.`,
        'Make it "security invoker".',
      );
    }
    const setting = settings.find((each) => !each.startsWith('search_path='));
    const found = setting === undefined ? escapeIn(definition, ofFunctions) : `set ${setting}`;
    if (found !== null) {
      report(
        'migrations',
        `The function ${name} has "${found}", which could leave its role or its tenants.`,
        'Remove it; instead of a dynamic "execute", write the statement itself.',
      );
    }
  }
}

/** Views that another plugin may still read although it no longer uses the plugin that owns them. */
export const outdatedGrants = ({ grants }: Catalog, holders: RightsHolders): { relation: string; grantee: string }[] =>
  grants.filter(({ grantee }) => holders.isPlugin(grantee) && ![...holders.own, ...holders.readers].includes(grantee));

function escapeIn(definition: string | null, access: SchemaAccess): string | null {
  if (definition === null) return null;
  try {
    return judge(definition, access, migrationRules)?.found ?? null;
  } catch (error) {
    if (error instanceof SqlSyntaxError) return error.message;
    throw error;
  }
}
