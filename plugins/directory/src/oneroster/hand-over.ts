import type { Knex } from 'knex';
import type { ChangesToPublish } from '../changes-to-publish.js';
import { madeEnrolmentId } from '../ids.js';

interface Place {
  id: string;
  school_id: string;
  class_id: string;
  person_id: string;
  role: 'pupil' | 'teacher';
  /** Whether the school's own data have the person in this very class. */
  here: boolean;
}

/**
 * Ends the places in classes that the turn of the school year made of people whom the school's own data place in a class of that year, and such
 * classes that then have no pupils.
 */
export async function handOver(knex: Knex, schools: readonly string[], changes: ChangesToPublish): Promise<void> {
  const { rows }: { rows: Place[] } = await knex.raw(
    `select e.id, e.school_id, e.class_id, e.person_id, e.role, bool_or(own.class_id = e.class_id) as here
     from enrolments e
     join classes c on c.id = e.class_id and c.kind = 'class' and c.active
     join enrolments own on own.person_id = e.person_id and own.school_id = e.school_id and own.role = e.role and own.active
       and own.sourced_id is not null
     join classes k on k.id = own.class_id and k.kind = 'class' and k.active and k.school_year = c.school_year
     where e.school_id = any(?::uuid[]) and e.sourced_id is null and e.active
     group by e.id`,
    [[...schools]],
  );
  // Others were added by hand, such as temporary accounts.
  const made = rows.filter((row) => row.id === madeEnrolmentId(row.class_id, row.person_id, row.role));
  if (made.length === 0) return;
  const ids = made.map(({ id }) => id);
  await knex('enrolments').whereRaw('id = any(?::uuid[])', [ids]).delete();
  for (const { school_id, class_id, person_id, role, here } of made) {
    if (!here) changes.enrolment('removed', school_id, { classId: class_id, personId: person_id, role });
  }
  const classes = [...new Set(made.map(({ class_id }) => class_id))];
  const ended: { id: string; school_id: string }[] = await knex('classes')
    .whereRaw('id = any(?::uuid[])', [classes])
    .whereNull('sourced_id')
    .whereNotExists(
      knex('enrolments').whereRaw("enrolments.class_id = classes.id and enrolments.active and enrolments.role = 'pupil'"),
    )
    .update({ active: false, updated_at: knex.fn.now() })
    .returning(['id', 'school_id']);
  for (const { id, school_id } of ended) changes.class('removed', school_id, id);
}
