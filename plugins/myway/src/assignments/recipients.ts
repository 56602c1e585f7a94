import type { Knex } from 'knex';

/** The recipients of an existing or planned assignment. */
export interface Recipients {
  pathId: string;
  classId: string;
  wholeClass: boolean;
  /** The current recipients: all pupils of the class, or the chosen pupils who are still in it. */
  pupilIds: readonly string[];
}

/**
 * Ids of the recipients who already have the path through another running assignment, to any class or group. `sameClass`: the class itself
 * already has the path, even if it has no pupils.
 *
 * @param except the assignment to ignore
 */
export async function findOverlap(
  knex: Knex,
  { pathId, classId, wholeClass, pupilIds }: Recipients,
  except: string | null = null,
): Promise<{ pupilIds: string[]; sameClass: boolean }> {
  const running = () =>
    knex('assignments as a').where('a.path_id', pathId).whereNull('a.ended_at').whereRaw('a.id is distinct from ?', [except]);
  const overlap: string[] = await running()
    .join('directory.class_members as m', 'm.class_id', 'a.class_id')
    .where('m.role', 'pupil')
    .whereRaw('m.person_id = any(?::uuid[])', [[...pupilIds]])
    .where((either) =>
      either
        .where('a.whole_class', true)
        .orWhereExists((chosen) =>
          chosen.from('assignment_pupils as p').whereRaw('p.assignment_id = a.id and p.pupil_id = m.person_id'),
        ),
    )
    .distinct()
    .pluck('m.person_id');
  const same = wholeClass && (await running().where({ 'a.class_id': classId, 'a.whole_class': true }).first('a.id'));
  return { pupilIds: overlap, sameClass: Boolean(same) };
}
