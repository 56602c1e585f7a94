import type pg from 'pg';
import type { TenantRule } from '../../contract/table.js';
import { tenantColumns } from '../../foundation/table-rules.js';
import { literal, quote } from '../names.js';
import { oncePerStatement } from './once-per-statement.js';
import { hasPolicies, type PeopleRules, peoplePolicies, peopleStatements, peopleTriggers } from './people-policies.js';

const allTenants = `(select current_setting('ilearn.all_tenants', true)) = 'on'`;

/** SQL: the tenants in scope as an array of the column's type. */
const tenantList = (type: string) =>
  oncePerStatement(`string_to_array(current_setting('ilearn.tenants', true), ',')`, `${type}[]`);

/** The policies that the kernel makes. */
export const policyNames = ['ilearn_read', 'ilearn_insert', 'ilearn_update', 'ilearn_delete', ...peoplePolicies];

/** The trigger on tables of the rule `{ sees, writes }`. */
export const tenantTrigger = 'ilearn_tenants';

/** The triggers that the kernel writes on tables of plugins. */
export const triggerNames = [tenantTrigger, ...peopleTriggers];

/** SQL: whether the principal acts for the tenant in a column, or for at least one of them if the column is an array. */
function touches(column: string, type: string): string {
  return type.endsWith('[]')
    ? `${quote(column)} && ${tenantList(type.slice(0, -2))}`
    : `${quote(column)} = any (${tenantList(type)})`;
}

/** SQL conditions under which a row may be read and written. */
function conditionsOf(rule: Exclude<TenantRule, { none: string }>, types: readonly string[]): { seen: string; written: string } {
  const typeOf = (column: string) => types[tenantColumns({ tenant: rule }).indexOf(column)] ?? 'text';
  const touched = (column: string) => touches(column, typeOf(column));
  if (typeof rule === 'object' && 'sees' in rule) {
    return { seen: rule.sees.map(touched).join(' or '), written: rule.writes.map(touched).join(' or ') };
  }
  const name = typeof rule === 'string' ? rule : rule.column;
  const type = typeOf(name);
  const column = quote(name);
  // Shared rows (tenant null) can be read by all and are written by the system.
  const seen = `${typeof rule === 'object' ? `${column} is null or ` : ''}${touched(name)}`;
  // A row of several tenants can be written by a principal who acts for all of them.
  return {
    seen,
    written: type.endsWith('[]') ? `${column} <@ ${tenantList(type.slice(0, -2))} and ${column} <> '{}'` : touched(name),
  };
}

/**
 * Statements that create a table's policies as declared. Row-level security is forced, so that it also applies to the owner, and therefore
 * inside exported views.
 *
 * A policy cannot compare a row with its previous version, so `{ sees, writes }` also needs a trigger: without it, a tenant in `writes`
 * could take the row from another one. It runs after the plugin's own triggers.
 */
function securityStatements(schema: string, table: string, { rule, types, people }: TableRules): string[] {
  const name = `${quote(schema)}.${quote(table)}`;
  const drop = [
    ...policyNames.map((policy) => `drop policy if exists ${policy} on ${name}`),
    ...triggerNames.map((trigger) => `drop trigger if exists ${trigger} on ${name}`),
  ];
  const ofNoTenant = typeof rule === 'object' && 'none' in rule;
  if (ofNoTenant && !hasPolicies(people)) {
    return [
      ...drop,
      `alter table ${name} no force row level security`,
      `alter table ${name} disable row level security`,
      ...peopleStatements(name, people),
    ];
  }
  const conditions = ofNoTenant ? { seen: 'true', written: 'true' } : conditionsOf(rule, types);
  const seen = ofNoTenant ? 'true' : `${allTenants} or ${conditions.seen}`;
  const written = ofNoTenant ? 'true' : `${allTenants} or (${conditions.written})`;
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    ...drop,
    `create policy ilearn_read on ${name} for select using (${seen})`,
    `create policy ilearn_insert on ${name} for insert with check (${written})`,
    `create policy ilearn_update on ${name} for update using (${written}) with check (${written})`,
    `create policy ilearn_delete on ${name} for delete using (${written})`,
    ...(typeof rule === 'object' && 'sees' in rule ? [keepTenants(name, rule.writes)] : []),
    ...peopleStatements(name, people),
  ];
}

function keepTenants(name: string, writes: readonly string[]): string {
  const changed = writes.map((column) => `old.${quote(column)} is distinct from new.${quote(column)}`).join(' or ');
  return `create trigger ${tenantTrigger} after update on ${name} for each row when (${changed})
    execute function kernel.keep_tenants(${writes.map(literal).join(', ')})`;
}

/** What decides who reaches the rows of a table. */
export interface TableRules {
  rule: TenantRule;
  /** SQL types of the tenant columns, such as `uuid` or `uuid[]`. */
  types: readonly string[];
  people: PeopleRules;
}

export interface SecuredTable extends TableRules {
  name: string;
}

/** Statements for the tables whose policies differ from the declaration; usually none. */
export async function policyChanges(client: pg.PoolClient, schema: string, tables: readonly SecuredTable[]): Promise<string[]> {
  const found = await standingPolicies(
    client,
    schema,
    tables.map(({ name }) => name),
  );
  // A table without any policy is new and needs no comparison.
  const compared = tables.filter((table) => isSecured(table) && found.get(table.name)?.includes('ilearn_') === true);
  const wanted = await wantedPolicies(client, schema, compared);
  const differs = (table: SecuredTable) => found.get(table.name) !== (isSecured(table) ? wanted.get(table.name) : UNSECURED);
  return tables.filter(differs).flatMap((table) => securityStatements(schema, table.name, table));
}

const isSecured = ({ rule, people }: TableRules): boolean =>
  !(typeof rule === 'object' && 'none' in rule) || people.subjects.length > 0 || people.choice !== null;

/** The value of {@link standingPolicies} for a table without tenants and people. */
const UNSECURED = JSON.stringify([false, false, [], []]);

/** The policies and triggers of each table as they are in PostgreSQL, as comparable text. */
async function standingPolicies(client: pg.PoolClient, schema: string, tables: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; on: boolean; forced: boolean; policies: string[]; triggers: string[] }>(
    `select c.relname::text as name, c.relrowsecurity as on, c.relforcerowsecurity as forced,
       array(select concat_ws(' | ', p.polname, p.polcmd, p.polpermissive, p.polroles::text,
           'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
         from pg_policy p where p.polrelid = c.oid and p.polname = any ($3) order by p.polname) as policies,
       array(select concat_ws(' | ', t.tgenabled, regexp_replace(pg_get_triggerdef(t.oid), ' ON .*? FOR EACH', ' FOR EACH'))
         from pg_trigger t where t.tgrelid = c.oid and t.tgname = any ($4) order by t.tgname) as triggers
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = any ($2)`,
    [schema, tables, policyNames, triggerNames],
  );
  return new Map(
    rows.map(({ name, on, forced, policies, triggers }) => [name, JSON.stringify([on, forced, policies, triggers])]),
  );
}

/**
 * The policies as they should be, in the same form. PostgreSQL rewrites expressions, so the policies are created on scratch tables with
 * only these columns, and rolled back.
 */
async function wantedPolicies(
  client: pg.PoolClient,
  schema: string,
  tables: readonly SecuredTable[],
): Promise<Map<string, string>> {
  if (tables.length === 0) return new Map();
  const kinds = new Map<string, string>();
  const statements: string[] = [];
  const scratch = tables.map(({ name, rule, types, people }) => {
    const named = [...people.subjects, ...(people.choice?.people ?? [])].map((each) => [each.name, each.type] as const);
    const ofTenants = tenantColumns({ tenant: rule }).map((column, index) => [column, types[index]] as const);
    const columns = [...new Map([...named, ...ofTenants])].map(([column, type]) => `${quote(column)} ${type}`);
    const key = JSON.stringify([rule, types, people]);
    let model = kinds.get(key);
    if (model === undefined) {
      model = `ilearn_model_${kinds.size}`;
      kinds.set(key, model);
      statements.push(`create table ${quote(schema)}.${model} (${columns.join(', ')})`);
      statements.push(...securityStatements(schema, model, { rule, types, people }));
    }
    return { name, model };
  });
  await client.query(['savepoint ilearn_models', ...statements].join('; '));
  const models = await standingPolicies(client, schema, [...kinds.values()]);
  await client.query('rollback to savepoint ilearn_models; release savepoint ilearn_models');
  return new Map(scratch.map(({ name, model }) => [name, models.get(model) ?? '']));
}
