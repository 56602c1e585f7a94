import { EXERCISES } from '../chaos/portal.js';
import type { PostgresServer } from '../chaos/servers.js';

export const PUPILS_OF_CLASS = 20;

/** The school whose roster is taken over meanwhile. Its ICT coordinator is that of the demonstration. */
export const ROSTER_SCHOOL = { id: '00000000-0000-8000-8000-0000000000f1', number: '999801' };

export interface Seeded {
  pupils: { username: string }[];
  /** Assignment that each teacher watches. */
  teachers: { username: string; assignment: string }[];
}

/** Ids follow from numbers: an MD5 as a UUID of version 8. */
const id = (kind: string, ...parts: string[]) =>
  `overlay(overlay(md5(concat_ws(' ', '${kind}', ${parts.join(', ')})) placing '8' from 13) placing '8' from 17)::uuid`;

/**
 * Adds classes with pupils, a teacher and an assigned path of the tool's exercises to the school of the demonstration, and accounts with the
 * password of the demonstration. Written by the superuser, because hashing thousands of passwords would take longer than the load.
 */
export async function seed(database: PostgresServer, pupils: number): Promise<Seeded> {
  const classes = Math.ceil(pupils / PUPILS_OF_CLASS);
  const [known] = await database.query<{ person: string; hash: string; school: string; year: string }>(
    `select a.person_id as person, a.password_hash as hash, m.school_id as school,
       (select school_year from directory.classes c where c.school_id = m.school_id limit 1) as year
     from login.accounts a join directory.memberships m on m.person_id = a.person_id where a.username = 'lien.peeters'`,
  );
  if (known === undefined) throw new Error('the demonstration has no lien.peeters');
  const { hash, school, year } = known;
  const c = `generate_series(1, ${classes}) as c`;
  const people = (who: string, kind: 'pupil' | 'staff', places: string) => [
    `insert into directory.people (id, school_ids, given_name, family_name, kind)
     select ${who}, array['${school}'::uuid], '${kind === 'pupil' ? 'Lou' : 'Noor'}', 'Ochtend ' || right(md5(${who}::text), 6), '${kind}' from ${places}`,
    `insert into directory.memberships (school_id, person_id) select '${school}', ${who} from ${places}`,
    `insert into directory.enrolments (school_id, class_id, person_id, role)
     select '${school}', ${id('class', 'c')}, ${who}, '${kind === 'pupil' ? 'pupil' : 'teacher'}' from ${places}`,
    `insert into kernel.role_grants (person_id, tenant_id, role) select ${who}, '${school}', '${kind === 'pupil' ? 'pupil' : 'teacher'}' from ${places}`,
    `insert into login.accounts (person_id, username, password_hash)
     select ${who}, '${kind}-' || c${kind === 'pupil' ? " || '-' || p" : ''}, '${hash}' from ${places}`,
  ];
  const inClass = `${c}, generate_series(1, ${PUPILS_OF_CLASS}) as p`;
  const exercises = `(select array_agg(id order by title) from library.activities where title ~ '^Oefening [0-9]')`;
  for (const statement of [
    `insert into directory.classes (id, school_id, kind, name, school_year, grade)
     select ${id('class', 'c')}, '${school}', 'class', 'Ochtend ' || c, '${year}', 1 + c % 6 from ${c}`,
    ...people(id('teacher', 'c'), 'staff', c),
    ...people(id('pupil', 'c', 'p'), 'pupil', inClass),
    `insert into myway.paths (id, school_id, owner_id, title) select ${id('path', 'c')}, '${school}', ${id('teacher', 'c')}, 'Ochtend ' || c from ${c}`,
    `insert into myway.steps (id, path_id, school_id, position, activity_id, activity_title)
     select ${id('step', 'c', 'n')}, ${id('path', 'c')}, '${school}', n - 1, ${exercises}[n], 'Oefening' from ${c}, generate_series(1, ${EXERCISES}) as n`,
    `insert into myway.assignments (id, school_id, path_id, class_id, whole_class, assigned_by)
     select ${id('assignment', 'c')}, '${school}', ${id('path', 'c')}, ${id('class', 'c')}, true, ${id('teacher', 'c')} from ${c}`,
    `insert into kernel.tenants (id, kind, plugin) values ('${ROSTER_SCHOOL.id}', 'school', 'directory')`,
    `insert into directory.schools (id, instellingsnummer, name) values ('${ROSTER_SCHOOL.id}', '${ROSTER_SCHOOL.number}', 'Ochtendschool')`,
    `insert into kernel.role_grants (person_id, tenant_id, role)
     select person_id, '${ROSTER_SCHOOL.id}', 'ict-coordinator' from login.accounts where username = 'sofie.maes'`,
    'analyze',
  ])
    await database.query(statement);
  const assignments = await database.query<{ c: number; id: string }>(
    `select c, ${id('assignment', 'c')} as id from ${c} order by c`,
  );
  return {
    pupils: Array.from({ length: pupils }, (_, index) => ({
      username: `pupil-${1 + Math.floor(index / PUPILS_OF_CLASS)}-${1 + (index % PUPILS_OF_CLASS)}`,
    })),
    teachers: assignments.map((each) => ({ username: `staff-${each.c}`, assignment: each.id })),
  };
}
