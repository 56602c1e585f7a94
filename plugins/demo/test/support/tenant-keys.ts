import type { TestPlatform } from '@ilearn/core/testing';
import { tenantColumns } from './portal.js';

interface KeyRow {
  table: string;
  name: string;
  columns: string[];
  /** Table to which a foreign key refers; null for others. */
  target: string | null;
}

const keysOfSchema = `
  select c.relname as table, k.conname as name, f.relname as target,
    (select array_agg(a.attname::text order by a.attname) from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey)) as columns
  from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class f on f.oid = k.confrelid
  where k.contype in ('p', 'u', 'f') and c.relnamespace = $1::regnamespace and not c.relispartition
  union all
  select c.relname, i.relname, null, (select array_agg(a.attname::text order by a.attname) from pg_attribute a where a.attrelid = x.indrelid and a.attnum = any (x.indkey))
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
  where x.indisunique and c.relnamespace = $1::regnamespace and not exists (select from pg_constraint k where k.conindid = x.indexrelid)
  order by 1, 2`;

/**
 * Keys of these tables that do not carry the column of their tenant, as `plugin.table: key (columns)`: primary keys, unique constraints and
 * indexes, and foreign keys to another of these tables. A table that is divided by tenant (Citus, or a hash partition) can have none of them.
 *
 * @param tables as `plugin.table`; each must declare one tenant
 */
export async function keysWithoutTenant({ platform }: TestPlatform, tables: readonly string[]): Promise<string[]> {
  const { pool } = await platform.home();
  const found: string[] = [];
  for (const plugin of new Set(tables.map((each) => each.split('.')[0] as string))) {
    const declared = platform.plugins.find(({ id }) => id === plugin)?.definition.tables ?? {};
    const { rows } = await pool.query<KeyRow>(keysOfSchema, [plugin.replaceAll('-', '_')]);
    for (const each of tables.filter((name) => name.startsWith(`${plugin}.`))) {
      const table = each.slice(plugin.length + 1);
      const rule = declared[table]?.tenant;
      const [tenant, ...others] = rule === undefined ? [] : tenantColumns(rule);
      if (tenant === undefined || others.length > 0) throw new Error(`${each} does not declare one tenant`);
      for (const { name, columns, target } of rows.filter((row) => row.table === table)) {
        const concerns = target === null || tables.includes(`${plugin}.${target}`);
        if (concerns && !columns.includes(tenant)) found.push(`${each}: ${name} (${columns.join(', ')})`);
      }
    }
  }
  return found;
}

/** Tables that grow with pupils, lessons and years. */
export const largeTables = [
  'directory.classes',
  'directory.enrolments',
  'directory.memberships',
  'lti.launches',
  'lti.line_items',
  'lti.results',
  'lti.scores',
  'myway.assignment_pupils',
  'myway.assignments',
  'myway.attempts',
  'myway.results',
];

const byId = 'rows are known by their id: widen to (school_id, id)';
const toId = 'refers to an id: name the school too, once the key there carries it';
const once = 'one of them for a placement, whatever the school: the placement is of one school, so the school can be added';

/** Keys that do not carry the school yet, each with what has to change before its table can be divided by school. */
export const narrowKeys: Record<string, string> = {
  'directory.classes: classes_pkey (id)': byId,
  'directory.enrolments: enrolments_class_id_fkey (class_id)': toId,
  'directory.enrolments: enrolments_pkey (id)': byId,
  'lti.launches: launches_pkey (id)': byId,
  'lti.line_items: line_items_number_key (number)': 'numbers lines for pages of the services: unique in a school is enough',
  'lti.line_items: line_items_of_placement (registration_id, resource_link_id)': once,
  'lti.line_items: line_items_pkey (id)': byId,
  'lti.results: results_line_item_id_fkey (line_item_id)': toId,
  'lti.results: results_number_key (number)': 'numbers results for pages of the services: unique in a school is enough',
  'lti.results: results_pkey (line_item_id, person_id)': 'a line is of one school: add it',
  'lti.scores: scores_line_item_id_fkey (line_item_id)': toId,
  'lti.scores: scores_pkey (id)': byId,
  'myway.assignment_pupils: assignment_pupils_assignment_id_fkey (assignment_id)': toId,
  'myway.assignment_pupils: assignment_pupils_pkey (assignment_id, pupil_id)': 'an assignment is of one school: add it',
  'myway.assignments: assignments_of_learners (learner_id, path_id)':
    'a colleague follows a path once, at whatever school: would hold in each of their schools apart',
  'myway.assignments: assignments_pkey (id)': byId,
  'myway.attempts: attempts_assignment_id_fkey (assignment_id)': toId,
  'myway.attempts: attempts_pkey (id)': byId,
  'myway.results: results_assignment_id_fkey (assignment_id)': toId,
  'myway.results: results_pkey (assignment_id, pupil_id, step_id)': 'an assignment is of one school: add it',
};
