import type { SchemaAccess } from './names.js';
import { refusedType } from './names.js';
import { plpgsqlParts } from './nodes.js';
import { parsePlpgsql, splitAssignment, type Tree } from './parser.js';
import { bodyRules, migrationRules, type Refusal, type Rules } from './rules.js';

type JudgeText = (sql: string, rules: Rules) => Refusal | null;

const languages = ['sql', 'plpgsql'];
const options = ['language', 'as', 'security', 'set', 'volatility', 'strict', 'parallel', 'cost', 'rows'];
/** Settings by which a function could change its role or its tenants. The check of the catalog refuses other settings. */
const ofIdentity = /^(?:role|session_authorization|row_security|ilearn\b.*)$/i;

/**
 * Checks a function or DO block: language, settings, and each statement of its body. A body that builds SQL at run time is refused.
 *
 * @param text the whole statement
 * @param refuse the refusal to return if the statement itself is not allowed
 */
export function judgeFunction(
  tag: string,
  node: Tree,
  text: string,
  { schema, ...access }: SchemaAccess,
  judgeText: JudgeText,
  refuse: Omit<Refusal, 'at'>,
  at: number,
): Refusal | null {
  const found = (text: string): Refusal => ({
    kind: 'statement',
    found: text,
    at,
    remedy: 'Use only statements that plugins may send, written out in full: no settings, and no SQL built at run time.',
  });
  const isBlock = tag === 'DoStmt';
  const elements = ((isBlock ? node['args'] : node['options']) ?? []) as { DefElem: { defname: string; arg?: Tree } }[];
  let language = isBlock ? 'plpgsql' : 'sql';
  let source: string[] = [];
  for (const { DefElem } of elements) {
    const { defname, arg = {} } = DefElem;
    if (!options.includes(defname)) return { ...refuse, at };
    if (defname === 'language') language = stringOf(arg).toLowerCase();
    if (defname === 'as') source = isBlock ? [stringOf(arg)] : itemsOf(arg).map(stringOf);
    if (defname === 'set' && !isHarmless(arg['VariableSetStmt'] as Tree, schema))
      return found(`set ${(arg['VariableSetStmt'] as Tree)['name']}`);
  }
  const made = (node['funcname'] as Tree[] | undefined)?.map(stringOf) ?? [];
  if (made.length > 1 && (made.length > 2 || made[0] !== schema)) return { ...refuse, kind: 'name', found: made.join('.'), at };
  if (!languages.includes(language) || source.length > 1) return { ...refuse, at };
  const [body] = source;
  if (body === undefined) return null;
  const rules = isBlock ? migrationRules : bodyRules;
  const within =
    language === 'sql'
      ? judgeText(body, bodyRules)
      : judgePlpgsql(parsePlpgsql(text), { schema, ...access }, (sql) => judgeText(sql, rules), found);
  return within === null ? null : { ...within, at };
}

function judgePlpgsql(
  tree: Tree,
  access: SchemaAccess,
  judgeText: (sql: string) => Refusal | null,
  found: (text: string) => Refusal,
): Refusal | null {
  const waiting: unknown[] = [tree];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const steps = Object.entries(next);
    for (const [key, value] of steps) {
      const refusal = judgeStep(key, value, access, judgeText, found);
      if (refusal !== null) return refusal;
    }
    for (const [, value] of steps.reverse()) waiting.push(value);
  }
  return null;
}

function judgeStep(
  key: string,
  value: unknown,
  access: SchemaAccess,
  judgeText: (sql: string) => Refusal | null,
  found: (text: string) => Refusal,
): Refusal | null {
  if (key === 'dynquery' || /^PLpgSQL_stmt_dyn/.test(key)) return found('execute');
  if (key.startsWith('PLpgSQL_') && !plpgsqlParts.has(key)) return found(key.replace(/^PLpgSQL_(?:stmt_)?/, ''));
  if (key === 'PLpgSQL_type') {
    const { typname = '' } = value as { typname?: string };
    const names = typname
      .replace(/%.*|\[.*|\(.*/g, '')
      .split('.')
      .map((each) => each.replaceAll('"', '').trim());
    return refusedType(access, names) === null || /%/.test(typname) ? null : found(typname);
  }
  if (key !== 'PLpgSQL_expr') return null;
  const { query = '', parseMode = 0 } = value as { query?: string; parseMode?: number };
  if (parseMode === 0) return judgeText(query);
  if (parseMode === 2) return judgeText(`select ${query}`);
  const assignment = splitAssignment(query);
  if (assignment === null) return found(query.slice(0, 40));
  return judgeText(`select ${assignment.target}`) ?? judgeText(`select ${assignment.value}`);
}

/** Whether it sets a search path within the plugin's own schema, or a setting that the check of the catalog covers. */
function isHarmless({ name, kind, args }: Tree, schema: string): boolean {
  if (kind !== 'VAR_SET_VALUE' || ofIdentity.test(String(name))) return false;
  if (String(name).toLowerCase() !== 'search_path') return true;
  const schemas = (args as Tree[]).map(
    (each) => ((each['A_Const'] as Tree)?.['sval'] as { sval?: string } | undefined)?.sval ?? '',
  );
  return schemas.every((each) => [schema, 'pg_catalog', 'pg_temp'].includes(each));
}

const stringOf = (tree: Tree): string => (tree['String'] as { sval?: string } | undefined)?.sval ?? '';
const itemsOf = (tree: Tree): Tree[] => ((tree['List'] as { items?: Tree[] } | undefined)?.items ?? []) as Tree[];
