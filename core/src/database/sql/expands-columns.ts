import { parse, type Tree } from './parser.js';

/**
 * Whether a `*` of the statement stands for the columns of a table or view, which are then fixed when the statement is prepared. It does not
 * in `exists (select * …)`, and for subqueries and common table expressions, whose own columns are judged by themselves.
 */
export function expandsColumns(sql: string): boolean {
  const trees = parse(sql).map(({ tree }) => tree);
  const named = new Set<string>();
  visit(trees, ({ CommonTableExpr: { ctename } = {} }) => {
    if (ctename !== undefined) named.add(ctename);
  });
  const harmless = new Set<unknown>();
  visit(trees, ({ SubLink, SelectStmt }) => {
    if (SubLink?.subLinkType === 'EXISTS_SUBLINK') {
      for (const star of starsOf(SubLink.subselect.SelectStmt)) harmless.add(star);
    }
    if (SelectStmt !== undefined && !(SelectStmt.fromClause ?? []).some((item: Tree) => readsTable(item, named))) {
      for (const star of starsOf(SelectStmt)) harmless.add(star);
    }
  });
  let expands = false;
  visit(trees, ({ ColumnRef }) => {
    if (ColumnRef !== undefined && isStar(ColumnRef) && !harmless.has(ColumnRef)) expands = true;
  });
  return expands;
}

// biome-ignore lint/suspicious/noExplicitAny: the parse tree has no types.
type Node = Record<string, any>;

function visit(value: unknown, look: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) look(value);
  for (const each of Object.values(value)) visit(each, look);
}

const isStar = (column: Node): boolean => column['fields']?.at(-1)?.A_Star !== undefined;

const starsOf = (select: Node): unknown[] =>
  (select['targetList'] ?? []).flatMap(({ ResTarget }: Node) => {
    const column = ResTarget?.val?.ColumnRef;
    return column !== undefined && isStar(column) ? [column] : [];
  });

/** Whether an item of a FROM clause is a table or view, or joins one. */
function readsTable({ RangeVar, JoinExpr }: Node, named: ReadonlySet<string>): boolean {
  if (RangeVar !== undefined) return RangeVar.schemaname !== undefined || !named.has(RangeVar.relname);
  return JoinExpr !== undefined && [JoinExpr.larg, JoinExpr.rarg].some((item) => readsTable(item, named));
}
