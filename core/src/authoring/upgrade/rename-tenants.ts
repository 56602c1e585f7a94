import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A line that the upgrade changed. */
export interface ChangedLine {
  file: string;
  line: number;
  before: string;
  after: string;
}

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

const skipped = new Set(['node_modules', 'dist', '.git', 'coverage']);

/** Rewrites the source files and messages of a plugin's folder that still call the kernel's tenants schools. */
export function renameTenants(folder: string): ChangedLine[] {
  const changed: ChangedLine[] = [];
  for (const path of filesIn(folder)) {
    const text = readFileSync(path, 'utf8');
    const renamed = path.endsWith('.json') ? renameInMessages(text) : renameInCode(text);
    if (renamed === text) continue;
    writeFileSync(path, renamed);
    const [before, after] = [text.split('\n'), renamed.split('\n')];
    for (const [index, line] of before.entries()) {
      const now = after[index] ?? '';
      if (now !== line) changed.push({ file: relative(folder, path), line: index + 1, before: line.trim(), after: now.trim() });
    }
  }
  return changed;
}

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

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesIn(path);
    else if (entry.isFile() && (/\.[cm]?[jt]sx?$/.test(entry.name) || /^(?:nl|en|fr)\.json$/.test(entry.name))) yield path;
  }
}
