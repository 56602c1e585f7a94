import { judgeFunction } from './bodies.js';
import { functions, migrationFunctions, readableSettings, triggerFunctions } from './functions.js';
import { refusedField, refusedOperator, refusedRelation, refusedType, type SchemaAccess } from './names.js';
import * as nodes from './nodes.js';
import { type ParsedStatement, parse, type Tree } from './parser.js';
import { bodyRules, type Refusal, type Rules } from './rules.js';

const remedies = {
  statement: 'Plugins may not send this statement; docs/plugins.md lists those that they may send, and what to use instead.',
  relation: "Use tables and views of your own, views that a plugin you require exports, or that plugin's services.",
  function: 'Call a function that docs/plugins.md lists, or one of your own with your schema before its name: schema.name(…).',
  setting: `current_setting may read: ${[...readableSettings].join(', ')}.`,
  type: 'Use a type of PostgreSQL that does not refer to its catalog, or one of your own.',
  operator: "Use PostgreSQL's own operators.",
  field: 'PostgreSQL has a function of this name, and would call it if there is no such field: rename the column.',
  temporary: 'Temporary objects would outlive the unit of work: use a table of your own, or with (…) as.',
  deferred: 'What is deferred to the commit would run as another role: check it immediately.',
  shared: 'What is in a view or a domain runs as its reader: write the expression itself instead of calling your function.',
} as const;

type Found = Pick<Refusal, 'kind' | 'found' | 'remedy'>;
const name = (found: string | null, remedy: keyof typeof remedies): Found | null =>
  found === null ? null : { kind: 'name', found, remedy: remedies[remedy] };
const call = (found: string, remedy: keyof typeof remedies = 'function'): Found => ({
  kind: 'function',
  found,
  remedy: remedies[remedy],
});

/**
 * Checks SQL before it is sent to the database: every kind of statement, and every function, relation, type and operator, must be allowed.
 * Anything unknown is refused.
 *
 * @throws SqlSyntaxError
 */
export function judge(sql: string, access: SchemaAccess, rules: Rules): Refusal | null {
  const statements = parse(sql);
  const [, second] = statements;
  if (second !== undefined && !rules.migration && rules !== bodyRules) {
    return {
      kind: 'statement',
      found: firstWords(second.text),
      at: characters(sql, second.start),
      remedy: 'Send one statement at a time.',
    };
  }
  for (const statement of statements) {
    const refusal = new Judge(sql, access, rules).statement(statement);
    if (refusal !== null) return refusal;
  }
  return null;
}

export const firstWords = (text: string): string => text.replace(/^(?:\s|--[^\n\r]*|\/\*[\s\S]*?\*\/)+/, '').slice(0, 40);

/** Converts the parser's byte offset to a character offset. */
const characters = (sql: string, bytes: number): number => Buffer.from(sql).subarray(0, bytes).toString().length;

const strings = (list: unknown): string[] =>
  (Array.isArray(list) ? list : []).flatMap((each: Tree) => {
    const text = (each['String'] as { sval?: string } | undefined)?.sval;
    return text === undefined ? [] : [text];
  });

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

class Judge {
  /** Position used for parts of the tree that have none. */
  #at = 0;
  /** Refuses the plugin's own functions, because the expression runs with its reader's rights. */
  #shared = false;

  constructor(
    private readonly sql: string,
    private readonly access: SchemaAccess,
    private readonly rules: Rules,
  ) {}

  statement({ tree, start, text }: ParsedStatement): Refusal | null {
    this.#at = start + Buffer.byteLength(/^(?:\s|--[^\n\r]*|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0] ?? '');
    const [tag = ''] = Object.keys(tree);
    const node = tree[tag] as Tree;
    const refuse = { kind: 'statement', found: firstWords(text), remedy: remedies.statement } as const;
    if (!this.rules.statements.has(tag) || isClosed(tag, node)) return this.#located(refuse);
    this.#shared = tag === 'ViewStmt' || tag === 'CreateDomainStmt' || tag === 'AlterDomainStmt';
    if (tag !== 'CreateFunctionStmt' && tag !== 'DoStmt') return this.#walk(tag, node);
    const ofParts = this.#walkFields({ ...node, options: undefined, args: undefined });
    return (
      ofParts ??
      judgeFunction(tag, node, text, this.access, (body, rules) => judge(body, this.access, rules), refuse, this.#place())
    );
  }

  /** Iterative, because statements may be nested as deeply as the parser accepts. */
  #walk(kind: string, tree: Tree): Refusal | null {
    const waiting: [string, Tree][] = [[kind, tree]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [tag, node] = next;
      if (typeof node['location'] === 'number' && node['location'] > 0) this.#at = node['location'];
      const found = this.#isOpen(tag) ? this.#check(tag, node) : null;
      if (found !== null) return this.#located(found);
      if (!this.#isOpen(tag)) return this.#located({ kind: 'statement', found: this.#words(), remedy: remedies.statement });
      if (tag === 'A_Const') continue;
      const unknown = children(node, waiting);
      if (unknown) return this.#located({ kind: 'statement', found: this.#words(), remedy: remedies.statement });
    }
    return null;
  }

  #walkFields(node: Tree): Refusal | null {
    const waiting: [string, Tree][] = [];
    const unknown = children(node, waiting);
    if (unknown) return this.#located({ kind: 'statement', found: this.#words(), remedy: remedies.statement });
    for (const [tag, child] of waiting.reverse()) {
      const refusal = this.#walk(tag, child);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  #isOpen(tag: string): boolean {
    return nodes.parts.has(tag) || this.rules.statements.has(tag) || (this.rules.migration && nodes.migrationParts.has(tag));
  }

  #check(tag: string, node: Tree): Found | null {
    switch (tag) {
      case 'FuncCall':
        return this.#checkCall(strings(node['funcname']), node);
      case 'RangeVar':
        return this.#checkRelation(node);
      case 'TypeName':
        return name(refusedType(this.access, strings(node['names'])), 'type');
      case 'A_Expr':
        return name(refusedOperator(strings(node['name'])), 'operator');
      case 'SubLink':
        return name(refusedOperator([...strings(node['operName'])].slice(-2)), 'operator');
      case 'SortBy':
        return Array.isArray(node['useOp']) ? name(refusedOperator(strings(node['useOp'])), 'operator') : null;
      case 'ColumnRef':
        return name(refusedField(strings(node['fields']).slice(1)), 'field');
      case 'A_Indirection':
        return name(refusedField(strings(node['indirection'])), 'field');
      case 'RangeTableSample':
        return ['bernoulli', 'system'].includes(strings(node['method']).join('.'))
          ? null
          : call(strings(node['method']).join('.'));
      case 'AlterTableCmd':
        return nodes.tableChanges.has(String(node['subtype']))
          ? null
          : { kind: 'statement', found: this.#words(), remedy: remedies.statement };
      case 'Constraint':
        return node['contype'] === 'CONSTR_EXCLUSION' && node['deferrable'] === true
          ? name(`${node['conname'] ?? 'exclude'}`, 'deferred')
          : null;
      case 'CreateTrigStmt':
        return this.#checkTrigger(node);
      case 'CreateEnumStmt':
      case 'CreateDomainStmt':
        return this.#checkMade(strings(node['domainname'] ?? node['typeName']));
      default:
        return null;
    }
  }

  #checkCall(names: readonly string[], node: Tree): Found | null {
    const [last = ''] = names.slice(-1);
    const known = functions.has(last) || (this.rules.migration && migrationFunctions.has(last));
    const ofCatalog = names.length === 1 || (names.length === 2 && names[0] === 'pg_catalog');
    if (!ofCatalog) {
      if (names.length !== 2 || names[0] !== this.access.schema) return call(names.join('.'));
      return this.#shared ? call(names.join('.'), 'shared') : null;
    }
    if (names.length === 1 && this.access.functions?.has(last)) return null;
    if (!known) return call(names.join('.'));
    return last === 'current_setting' && !tellsOpenSetting(node) ? call('current_setting', 'setting') : null;
  }

  #checkRelation({ catalogname, schemaname, relname, relpersistence }: Tree): Found | null {
    if (relpersistence === 't') return name(`temporary ${relname}`, 'temporary');
    if (catalogname !== undefined) return name(`${catalogname}.${schemaname}.${relname}`, 'relation');
    return name(refusedRelation(this.access, schemaname as string | undefined, String(relname)), 'relation');
  }

  #checkTrigger({ funcname, deferrable, initdeferred, trigname }: Tree): Found | null {
    if (deferrable === true || initdeferred === true) return name(String(trigname), 'deferred');
    const names = strings(funcname);
    const [of, last = of] = names;
    const own = names.length === 1 ? !/^ri_|^unique_key_recheck$/i.test(String(of)) : of === this.access.schema;
    return own || (of === 'pg_catalog' && triggerFunctions.has(String(last))) ? null : call(names.join('.'));
  }

  #checkMade(names: readonly string[]): Found | null {
    return names.length === 1 || names[0] === this.access.schema ? null : name(names.join('.'), 'relation');
  }

  #located(found: Found): Refusal {
    return { ...found, at: this.#place() };
  }

  #place(): number {
    return characters(this.sql, this.#at);
  }

  #words(): string {
    return firstWords(Buffer.from(this.sql).subarray(this.#at).toString());
  }
}

/** Adds the children of a node to the walk. Returns true if one is of an unknown kind. */
function children(node: Tree, waiting: [string, Tree][]): boolean {
  for (const [field, value] of Object.entries(node)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (!isTree(each)) continue;
      const [first, ...more] = Object.keys(each);
      if (first === undefined && kindsOf(field) === undefined) continue;
      if (first !== undefined && more.length === 0 && /^[A-Z]/.test(first)) {
        waiting.push([first, each[first] as Tree]);
        continue;
      }
      const kind = kindsOf(field);
      if (kind === undefined) return true;
      waiting.push([kind, each]);
    }
  }
  return false;
}

const kindsOf = (field: string): string | undefined =>
  Object.hasOwn(nodes.kindsOfFields, field) ? nodes.kindsOfFields[field] : undefined;

const savepoints = ['TRANS_STMT_SAVEPOINT', 'TRANS_STMT_RELEASE', 'TRANS_STMT_ROLLBACK_TO'];

/** Whether a statement is of a kind that is allowed only in some forms, and this is not one of them. */
function isClosed(tag: string, node: Tree): boolean {
  switch (tag) {
    case 'TransactionStmt':
      return !savepoints.includes(String(node['kind']));
    case 'DropStmt':
      return !nodes.objects.has(String(node['removeType']));
    case 'RenameStmt':
      return !nodes.objects.has(String(node['renameType']));
    case 'CommentStmt':
      return !nodes.objects.has(String(node['objtype']));
    case 'GrantStmt':
      return node['targtype'] !== 'ACL_TARGET_OBJECT' || node['objtype'] !== 'OBJECT_TABLE';
    default:
      return false;
  }
}

function tellsOpenSetting(node: Tree): boolean {
  const [first] = (node['args'] ?? []) as Tree[];
  const { sval } = (first?.['A_Const'] ?? {}) as { sval?: { sval?: string } };
  return sval?.sval !== undefined && readableSettings.has(sval.sval.toLowerCase());
}
