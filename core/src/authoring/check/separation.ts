import { usedBy } from '../../contract/dependencies.js';
import { quote, schemaOf } from '../../database/names.js';
import type { Filled } from './fill-tables.js';
import type { Findings } from './finding.js';
import { type Answered, ask, shown } from './probe.js';
import { outsidersOf, type ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

/** K2: checks that the plugin's roles cannot read or write other plugins' data, and that such a statement is refused. */
export async function checkOwnData({ definition }: Subject, portal: ScratchPortal, findings: Findings): Promise<void> {
  const { id } = definition;
  const views = usedBy(definition).flatMap((required) =>
    (portal.plugins.find((plugin) => plugin.id === required)?.exports?.views ?? []).map(
      (view) => `${schemaOf(required)}.${view}`,
    ),
  );
  const { pool } = await portal.platform.platform.home();
  const { rows } = await pool.query<{ name: string; schema: string; relation: string; role: string | null }>(
    `select n.nspname || '.' || c.relname as name, n.nspname as schema, c.relname as relation, r.rolname as role
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     left join pg_roles r on r.rolname = any ($2) and has_schema_privilege(r.oid, n.oid, 'usage')
       and (has_table_privilege(r.oid, c.oid, 'select, insert, update, delete') or has_any_column_privilege(r.oid, c.oid, 'select'))
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname <> $1 and n.nspname !~ '^pg_|^information_schema$'`,
    [schemaOf(id), [portal.names.runtime(id), portal.names.owner(id)]],
  );
  for (const { name, role } of rows) {
    if (role === null || views.includes(name)) continue;
    findings.failed(
      'own data',
      `Its role ${role} has rights on ${name}.`,
      'Take the grant out of the migration that made it; use what the owner exports.',
    );
  }
  const others = [...new Map(rows.filter(({ name }) => !views.includes(name)).map((row) => [row.schema, row])).values()];
  for (const { schema, relation, name } of others) {
    const outcome = await portal.platform
      .work(id, ({ knex }) => knex.raw(`select 1 from ${quote(schema)}.${quote(relation)} limit 1`))
      .then(
        () => null,
        (error: { code?: string }) => error.code,
      );
    if (outcome !== '42501') {
      findings.failed(
        'own data',
        `A statement of the plugin on ${name} was not refused.`,
        'Check what its migrations grant, and to whom.',
      );
    }
  }
  findings.passedUnlessFailed(
    'own data',
    `no right on the ${rows.length} tables of others; ${others.length} statements that tried were refused`,
  );
}

/** K3: checks that a tenant cannot see rows of another one. Reports routes that could not be checked. */
export async function checkSeparation(
  { definition }: Subject,
  portal: ScratchPortal,
  probes: readonly Answered[],
  filled: Filled,
  findings: Findings,
): Promise<void> {
  let telling = 0;
  const silent: string[] = [];
  const unasked: string[] = [];
  const outsiders = outsidersOf(portal);
  for (const probe of probes) {
    if (probe.addresses.length === 0) {
      unasked.push(probe.name);
      continue;
    }
    const seen = probe.asked.some((asked) => shown(asked, filled.secrets).length > 0);
    if (seen) telling++;
    else silent.push(probe.name);
    for (const { who, client } of outsiders) {
      const leak = (await ask(client, probe)).find((asked) => shown(asked, filled.secrets).length > 0);
      if (leak === undefined) continue;
      findings.failed(
        'separation',
        `${probe.name} shows ${who} rows of one tenant (${leak.address}).`,
        'Declare the tenant column of the table it reads, rather than { none }, and read as the caller, not through actAs.',
      );
    }
  }
  if (probes.length === 0) findings.skipped('separation', 'It has no GET routes to check.');
  else
    findings.passedUnlessFailed(
      'separation',
      `${probes.length - unasked.length} GET routes called from another tenant; ${telling} of them show rows to their own`,
    );
  const own = 'Cover them by your own tests, as a pupil or teacher of another tenant.';
  if (silent.length > 0)
    findings.skipped(
      'separation',
      `Not checked, because they do not show generated rows to their own tenant either: ${silent.join(', ')}.`,
      own,
    );
  if (unasked.length > 0)
    findings.skipped(
      'separation',
      `Not checked, because there are no rows to fill their parameters: ${unasked.join(', ')}.`,
      own,
    );
  const empty = filled.unfilled.filter(({ plugin }) => plugin === definition.id);
  if (empty[0] !== undefined) {
    const tables = empty.map(({ table }) => table).join(', ');
    findings.skipped('separation', `No rows could be generated for ${tables}; the first of them: ${empty[0].why}.`, own);
  }
}
