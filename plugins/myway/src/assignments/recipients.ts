import type { Knex } from 'knex';

/** Who an assignment is, or would be, given to. */
export interface Recipients {
  pathId: string;
  classId: string;
  wholeClass: boolean;
  /** Who they are now: pupils of the class, or those of them that were chosen. */
  pupilIds: readonly string[];
}

/**
 * Recipients who have the path already, by another running assignment to whichever class or group; ids, in no order. A class
 * without pupils has none, and may still have been given the path: `sameClass`.
 *
 * @param except the assignment that is asked about, where there is one
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
