import { parse, SqlSyntaxError } from './parser.js';

/** What a migration does to a table that is in use. */
export interface MigrationRisk {
  /** From 1. */
  line: number;
  /** `waits`: others are held up while it runs. `breaks`: the version before cannot work with the result. */
  effect: 'waits' | 'breaks';
  table: string;
  /** Follows the table's name: `is rewritten …`. */
  what: string;
  remedy: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the parse tree has no types.
type Node = Record<string, any>;
type Found = Omit<MigrationRisk, 'line'>;

const inSteps = 'Stop using it in one version, and remove it in the next.';
const quietHour = 'Run it in a quiet hour if the table is large; the migration holds its locks until it commits.';

/** Functions whose value differs from row to row, so that PostgreSQL rewrites the table to store a default. */
const volatile = /^(gen_random_uuid|uuidv7|uuidv4|random|clock_timestamp|timeofday|nextval)$/;

/**
 * The risks of a migration in SQL, for tables that it does not create itself. Functions that it calls are not looked into.
 *
 * @returns an empty list for a text that is not SQL, which fails when it is run
 */
export function migrationRisks(sql: string): MigrationRisk[] {
  const created = new Set<string>();
  const risks: MigrationRisk[] = [];
  const bytes = Buffer.from(sql);
  let statements: ReturnType<typeof parse>;
  try {
    statements = parse(sql);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [];
    throw error;
  }
  for (const { tree, start, text } of statements) {
    const [[kind, node] = ['', {}]] = Object.entries(tree) as [string, Node][];
    if (kind === 'CreateStmt') created.add(node['relation'].relname);
    if (kind === 'CreateTableAsStmt') created.add(node['into'].rel.relname);
    const blank = text.length - text.trimStart().length;
    const line = bytes
      .subarray(0, start + blank)
      .toString()
      .split('\n').length;
    for (const found of risksOf(kind, node)) if (!created.has(found.table)) risks.push({ line, ...found });
  }
  return risks;
}

function risksOf(kind: string, node: Node): Found[] {
  switch (kind) {
    case 'AlterTableStmt': {
      if (node['objtype'] !== 'OBJECT_TABLE') return [];
      const table = node['relation'].relname as string;
      return node['cmds'].flatMap(({ AlterTableCmd }: Node) => risksOfChange(AlterTableCmd).map((risk) => ({ table, ...risk })));
    }
    case 'IndexStmt':
      return [
        {
          effect: 'waits',
          table: node['relation'].relname,
          what: 'takes no writes while its index is built.',
          remedy: quietHour,
        },
      ];
    case 'RenameStmt': {
      const what = `has something renamed (${node['subname'] ?? node['relation']?.relname} to ${node['newname']}), which the version before does not find.`;
      const remedy = 'Add the new name beside the old one (a column, a view), and remove the old one in the next version.';
      return node['relation'] === undefined ? [] : [{ effect: 'breaks', table: node['relation'].relname, what, remedy }];
    }
    case 'DropStmt': {
      if (!['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW'].includes(node['removeType'])) return [];
      const names: string[] = node['objects'].map(({ List }: Node) => List.items.at(-1).String.sval);
      return names.map((table) => ({
        effect: 'breaks',
        table,
        what: 'is dropped, but the version before still uses it.',
        remedy: inSteps,
      }));
    }
    case 'UpdateStmt':
    case 'DeleteStmt':
      return [
        {
          effect: 'waits',
          table: node['relation'].relname,
          what: 'has rows changed, which stay locked until the migration commits.',
          remedy: quietHour,
        },
      ];
    case 'TruncateStmt':
      return node['relations'].map(({ RangeVar }: Node) => ({
        effect: 'waits',
        table: RangeVar.relname,
        what: 'is emptied, and nobody can read it until the migration commits.',
        remedy: quietHour,
      }));
    case 'LockStmt':
      return node['relations'].map(({ RangeVar }: Node) => ({
        effect: 'waits',
        table: RangeVar.relname,
        what: 'is locked until the migration commits.',
        remedy: 'Do without: the kernel lets one process migrate at a time.',
      }));
    case 'RefreshMatViewStmt':
      return [
        {
          effect: 'waits',
          table: node['relation'].relname,
          what: 'cannot be read while it is made anew.',
          remedy: quietHour,
        },
      ];
    case 'ClusterStmt':
      return node['relation'] === undefined
        ? []
        : [
            {
              effect: 'waits',
              table: node['relation'].relname,
              what: 'is rewritten, and nobody can read it meanwhile.',
              remedy: quietHour,
            },
          ];
    default:
      return [];
  }
}

type Change = Omit<Found, 'table'>;

function risksOfChange({ subtype, name, def = {} }: Node): Change[] {
  switch (subtype) {
    case 'AT_AlterColumnType':
      return [
        {
          effect: 'breaks',
          what: `may be rewritten for the new type of ${name}, and nobody can read it meanwhile.`,
          remedy: 'Add a column of the new type, fill it in a job, and drop the old one in the next version.',
        },
      ];
    case 'AT_DropColumn':
      return [{ effect: 'breaks', what: `loses the column ${name}, but the version before still uses it.`, remedy: inSteps }];
    case 'AT_SetNotNull':
      return [
        {
          effect: 'breaks',
          what: `is read whole for "not null" on ${name}, and nobody can read it meanwhile; the version before may store nulls.`,
          remedy: 'Add "check (… is not null) not valid" first, validate it in a later migration, then set not null.',
        },
      ];
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetTableSpace':
      return [{ effect: 'waits', what: 'is rewritten, and nobody can read it meanwhile.', remedy: quietHour }];
    case 'AT_AddConstraint':
      return constraintRisks(def.Constraint ?? {});
    case 'AT_AddColumn':
      return columnRisks(def.ColumnDef ?? {});
    default:
      return [];
  }
}

function constraintRisks({ contype, skip_validation: later, indexname }: Node): Change[] {
  if (['CONSTR_CHECK', 'CONSTR_FOREIGN'].includes(contype) && later !== true) {
    return [
      {
        effect: 'waits',
        what: 'is read whole for the new constraint, and takes no writes meanwhile.',
        remedy: 'Add it "not valid", and "validate constraint" in a later migration.',
      },
    ];
  }
  if (['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION'].includes(contype) && indexname === undefined)
    return [{ effect: 'waits', what: 'cannot be read while the index of the new constraint is built.', remedy: quietHour }];
  return [];
}

function columnRisks({ colname, constraints = [] }: Node): Change[] {
  const all: Node[] = constraints.map(({ Constraint }: Node) => Constraint);
  const of = (contype: string) => all.find((each) => each['contype'] === contype);
  const given = of('CONSTR_DEFAULT');
  const risks: Change[] = [];
  if (
    of('CONSTR_NOTNULL') !== undefined &&
    given === undefined &&
    of('CONSTR_IDENTITY') === undefined &&
    of('CONSTR_GENERATED') === undefined
  )
    risks.push({
      effect: 'breaks',
      what: `gets the column ${colname}, which the version before does not fill: its inserts fail, and so does this migration if there are rows.`,
      remedy: 'Give it a default.',
    });
  const names = [...JSON.stringify(given ?? {}).matchAll(/"sval":"(\w+)"/g)].map(([, each]) => each as string);
  if (of('CONSTR_IDENTITY') !== undefined || of('CONSTR_GENERATED') !== undefined || names.some((each) => volatile.test(each)))
    risks.push({
      effect: 'waits',
      what: `is rewritten to fill the column ${colname}, and nobody can read it meanwhile.`,
      remedy: 'Add the column without a default, fill it in a job, then set the default.',
    });
  return [...risks, ...all.flatMap(constraintRisks)];
}
