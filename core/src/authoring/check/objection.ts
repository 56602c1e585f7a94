import { quote } from '../../database/names.js';
import { choicesOf } from '../../foundation/purpose-choices.js';
import type { Findings } from './finding.js';
import { type Answered, ask } from './probe.js';
import type { ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

const CHECK = 'objection';

/**
 * Checks a plugin with tables of purposes to which people may object: once the person of the generated rows has objected, it sees none of
 * these rows, and its routes still answer.
 */
export async function checkObjection(
  { definition }: Subject,
  portal: ScratchPortal,
  probes: readonly Answered[],
  findings: Findings,
): Promise<void> {
  const { id, tables = {} } = definition;
  const choices = choicesOf(portal.plugins.map((plugin) => ({ id: plugin.id, definition: plugin })));
  const objectable = Object.entries(tables).filter(
    ([, { purpose = '', people = {} }]) => choices.get(purpose) === 'objection' && Object.keys(people).length > 0,
  );
  if (objectable.length === 0) return;
  const { pool } = await portal.platform.platform.home();
  const purposes = [...new Set(objectable.map(([, { purpose }]) => purpose))];
  const { person } = portal.own;
  await pool.query('insert into kernel.objections (person_id, purpose) select $1, unnest($2::text[])', [person, purposes]);
  try {
    for (const [table, { people = {} }] of objectable) {
      const named = Object.keys(people).map((column) => `${quote(column)}::text like ?`);
      const seen = await portal.platform.work(id, async ({ knex }) => {
        const { rows } = await knex.raw(
          `select 1 from ${quote(table)} where ${named.join(' or ')} limit 1`,
          named.map(() => `%${person}%`),
        );
        return rows.length > 0;
      });
      if (seen) {
        findings.failed(
          CHECK,
          `Rows of ${table} that name a person who objected are visible.`,
          'Start the portal again, so that the kernel makes the policies anew.',
        );
      }
    }
    for (const probe of probes) {
      const asked = await ask(portal.own.client, probe);
      const broken = asked.find(({ answer }, at) => answer.status >= 500 && (probe.asked[at]?.answer.status ?? 500) < 500);
      if (broken === undefined) continue;
      findings.failed(
        CHECK,
        `${probe.name} answers ${broken.answer.status} once the person has objected (${broken.address}).`,
        'Let it do without the rows: a read finds none, and an insert with returning gives no row.',
      );
    }
  } finally {
    await pool.query('delete from kernel.objections where person_id = $1 and purpose = any ($2)', [person, purposes]);
  }
  findings.passedUnlessFailed(
    CHECK,
    `${objectable.length} tables show nothing about a person who objected, and every route answers`,
  );
}
