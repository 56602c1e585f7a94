import type pg from 'pg';
import type { TenantRule } from '../../contract/table.js';
import { quote } from '../names.js';

const allTenants = `(select current_setting('ilearn.all_tenants', true)) = 'on'`;

/** SQL: the tenants in scope as an array of the column's type, evaluated once a statement. */
const tenantList = (type: string) => `(select string_to_array(current_setting('ilearn.tenants', true), ','))::${type}[]`;

/** The policies that the kernel makes. */
export const policyNames = ['ilearn_read', 'ilearn_insert', 'ilearn_update', 'ilearn_delete'];

/**
 * Statements that make a table's policies as its declaration says. Row-level security is forced, so that it holds for the owner too, and
 * thereby inside exported views.
 *
 * @param columnType SQL type of the tenant column, such as `uuid` or `uuid[]`
 */
function securityStatements(schema: string, table: string, rule: TenantRule, columnType: string | null): string[] {
  const name = `${quote(schema)}.${quote(table)}`;
  const drop = policyNames.map((policy) => `drop policy if exists ${policy} on ${name}`);
  if (typeof rule === 'object' && 'none' in rule) {
    return [...drop, `alter table ${name} no force row level security`, `alter table ${name} disable row level security`];
  }
  const column = quote(typeof rule === 'string' ? rule : rule.column);
  const type = columnType ?? 'text';
  const isList = type.endsWith('[]');
  const list = tenantList(isList ? type.slice(0, -2) : type);
  const own = isList ? `${column} && ${list}` : `${column} = any (${list})`;
  const seen = `${allTenants} or ${typeof rule === 'object' ? `${column} is null or ` : ''}${own}`;
  // Shared rows are read by all and written by the system. A row of several tenants is written by whoever acts for each of them.
  const written = `${allTenants} or (${isList ? `${column} <@ ${list} and ${column} <> '{}'` : own})`;
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    ...drop,
    `create policy ilearn_read on ${name} for select using (${seen})`,
    `create policy ilearn_insert on ${name} for insert with check (${written})`,
    `create policy ilearn_update on ${name} for update using (${written}) with check (${written})`,
    `create policy ilearn_delete on ${name} for delete using (${written})`,
  ];
}

/** A table, and which rows a tenant may see. */
export interface SecuredTable {
  name: string;
  rule: TenantRule;
  /** SQL type of the tenant column, such as `uuid` or `uuid[]`. */
  columnType: string | null;
}

/** Statements for those of these tables whose policies differ from the declaration; usually none. */
export async function policyChanges(client: pg.PoolClient, schema: string, tables: readonly SecuredTable[]): Promise<string[]> {
  const found = await standingPolicies(
    client,
    schema,
    tables.map(({ name }) => name),
  );
  // A table without any policy is new and needs no comparison.
  const compared = tables.filter(({ name, rule }) => isSecured(rule) && found.get(name)?.includes('ilearn_read') === true);
  const wanted = await wantedPolicies(client, schema, compared);
  const differs = ({ name, rule }: SecuredTable) => found.get(name) !== (isSecured(rule) ? wanted.get(name) : UNSECURED);
  return tables.filter(differs).flatMap(({ name, rule, columnType }) => securityStatements(schema, name, rule, columnType));
}

const isSecured = (rule: TenantRule): boolean => !(typeof rule === 'object' && 'none' in rule);

/** The value of {@link standingPolicies} for a table of no tenant. */
const UNSECURED = JSON.stringify([false, false, []]);

/** The policies of each table as PostgreSQL has them, in comparable form. */
async function standingPolicies(client: pg.PoolClient, schema: string, tables: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; on: boolean; forced: boolean; policies: string[] }>(
    `select c.relname::text as name, c.relrowsecurity as on, c.relforcerowsecurity as forced,
       array(select concat_ws(' | ', p.polname, p.polcmd, p.polpermissive, p.polroles::text,
           'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
         from pg_policy p where p.polrelid = c.oid and p.polname = any ($3) order by p.polname) as policies
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = any ($2)`,
    [schema, tables, policyNames],
  );
  return new Map(rows.map(({ name, on, forced, policies }) => [name, JSON.stringify([on, forced, policies])]));
}

/**
 * The policies as they must be, in the same form. PostgreSQL rewrites expressions, so they are created on one-column tables that are rolled
 * back at once.
 */
async function wantedPolicies(
  client: pg.PoolClient,
  schema: string,
  tables: readonly SecuredTable[],
): Promise<Map<string, string>> {
  if (tables.length === 0) return new Map();
  const kinds = new Map<string, string>();
  const statements: string[] = [];
  const scratch = tables.map(({ name, rule, columnType }) => {
    const column = typeof rule === 'string' ? rule : 'column' in rule ? rule.column : '';
    const key = JSON.stringify([rule, columnType]);
    let model = kinds.get(key);
    if (model === undefined) {
      model = `ilearn_model_${kinds.size}`;
      kinds.set(key, model);
      statements.push(`create table ${quote(schema)}.${model} (${quote(column)} ${columnType ?? 'text'})`);
      statements.push(...securityStatements(schema, model, rule, columnType));
    }
    return { name, model };
  });
  await client.query(['savepoint ilearn_models', ...statements].join('; '));
  const models = await standingPolicies(client, schema, [...kinds.values()]);
  await client.query('rollback to savepoint ilearn_models; release savepoint ilearn_models');
  return new Map(scratch.map(({ name, model }) => [name, models.get(model) ?? '']));
}
