import { type ChangedLine, rewriteFiles } from './rewrite-files.js';

type Rewrite = readonly [pattern: RegExp, replacement: string];

const inCode: readonly Rewrite[] = [
  // The rule of a table: tables.notes.school.
  [/\bschool: (?=(['"`])\w*(?:school_ids?|\bid)\1)/g, 'tenant: '],
  [/\bschool: (?=\{\s*(?:none|column): )/g, 'tenant: '],
  // Types.
  [/\bSchoolScope\b/g, 'TenantScope'],
  [/\bSchoolRule\b/g, 'TenantRule'],
  [/\bSchoolRole\b/g, 'TenantRole'],
  // Principals.
  [/\b(#?principal)\.schools\b/g, '$1.tenants'],
  [/(\{[^{}]*?)(?<!tenants: )\bschools(?=[^{}:]*\} = (?:this\.)?#?principal\b)/g, '$1tenants: schools'],
  [/(\bkind: [^\n]*?\broles: \[[^\]]*\], )schools: /g, '$1tenants: '],
  // Grants, and the roles of a session.
  [/\{ school, role(: [^{}]+)? \}/g, '{ tenant: school, role$1 }'],
  [/\{ school: ([^{},]+), role\b/g, '{ tenant: $1, role'],
  [/\b(role|grant|held)\.school\b/g, '$1.tenant'],
  [/(\broles\b[^;\n]*\))\?\.school\b/g, '$1?.tenant'],
  // Breath was renamed to Yielder.
  [/\bnew Breath\(/g, 'new Yielder('],
  [/(\bimport (?:type )?\{[^}]*)\bBreath\b(?=[^}]*\} from '@ilearn\/core')/g, '$1Yielder'],
  [/: Breath\b/g, ': Yielder'],
  [/\bbreath\.take\(\)/g, 'breath.yield()'],
  // Settings of the database.
  [/\bilearn\.(all_)?schools\b/g, 'ilearn.$1tenants'],
];

/** Rewrites the source files and messages of a plugin's folder that still call the kernel's tenants schools. */
export const renameTenants = (folder: string): ChangedLine[] =>
  rewriteFiles(folder, { code: renameInCode, messages: renameInMessages });

/** Rewrites code; no rewrite adds or removes a line. */
export const renameInCode = (text: string): string =>
  inCode.reduce((now, [pattern, replacement]) => now.replace(pattern, replacement), text);

/** Renames `privacy.<table>.schools`, the reason why a table has no tenant, to `tenants`. */
export function renameInMessages(text: string): string {
  const path: string[] = [];
  const lines = text.split('\n').map((line) => {
    const [, key, value = ''] = /^\s*"([^"]+)"\s*:\s*(.*)$/.exec(line) ?? [];
    const [top, table, more] = path;
    const isReason = top === 'privacy' && table !== undefined && !['columns', 'values'].includes(table) && more === undefined;
    if (/^\s*\}/.test(line)) path.pop();
    if (key !== undefined && value.startsWith('{') && !value.includes('}')) path.push(key);
    return isReason && key === 'schools' && value.startsWith('"') ? line.replace('"schools"', '"tenants"') : line;
  });
  return lines.join('\n');
}
