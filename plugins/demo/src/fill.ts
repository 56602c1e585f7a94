import { Yielder } from '@ilearn/core';
import type { ClassSummary } from '@ilearn/plugin-directory';
import type { PastAssignment } from '@ilearn/plugin-myway';
import type { SchoolKey } from './accounts.js';
import { type MadePath, makePaths, type WantedPath } from './content/make-paths.js';
import type { Cradle } from './cradle.js';
import { type AssignmentToGenerate, generate } from './results/generate.js';
import { fresh, type Planned, schedule } from './results/schedule.js';
import { Hours, SchoolDays } from './results/school-days.js';
import { type Temperament, temperamentsOf } from './results/temperaments.js';
import type { Made } from './seed.js';

/** How the pupils with an account work, so that visitors find something to do. */
const known: Record<string, Temperament> = {
  'noor.elamrani': 'halfway',
  'wout.janssens': 'trying',
  'emma.willems': 'halfway',
};

/** Someone's path in the schedule, as one text. */
const pathOf = (school: string, { path, teacher }: Pick<Planned, 'path' | 'teacher'>) => `${school} ${teacher} ${path}`;

/** Makes the learning paths of all teachers, their assignments of the last six weeks with results, and the assignments of today. */
export async function fill(services: Cradle, made: Made, day: string): Promise<void> {
  const { calendar, directory, myway } = services;
  const days = await SchoolDays.around(day, (each) => calendar.isSchoolDay(made.schools.wegwijzer, each));
  const hours = new Hours(await calendar.timeZone());
  const temperaments = new Map(
    Object.entries(known).map(([username, temperament]) => [made.people.get(username) as string, temperament]),
  );
  const schools = await Promise.all(
    (Object.keys(schedule) as SchoolKey[]).map((key) => schoolToFill(services, made.schools[key], key)),
  );
  const paths = await pathsOf(services, schools);
  const pathFor = (school: string, planned: Pick<Planned, 'path' | 'teacher'>) => paths.get(pathOf(school, planned));

  const past: AssignmentToGenerate[] = [];
  for (const { id, key, teachers, classes } of schools) {
    for (const planned of schedule[key]) {
      const path = pathFor(id, planned);
      const group = classes.get(planned.className);
      if (path === undefined || group === undefined) continue;
      const pupils = await directory.classes.pupilsOf(group.id);
      past.push({
        pathId: path.id,
        classId: group.id,
        byPersonId: teachers.get(planned.teacher) as string,
        name: `${planned.path} ${planned.className}`,
        steps: path.steps,
        pupils: temperamentsOf(
          pupils.map((pupil) => pupil.id),
          temperaments,
        ),
        given: planned.given,
        due: planned.due,
        ended: planned.ended ?? null,
      });
    }
  }
  const yielder = new Yielder();
  const withResults: PastAssignment[] = [];
  for (const assignment of past) {
    withResults.push(generate(assignment, days, hours));
    await yielder.yield();
  }
  await myway.history.add(withResults);

  for (const { id, key, teachers, classes } of schools) {
    for (const planned of fresh[key]) {
      const path = pathFor(id, planned);
      const group = classes.get(planned.className);
      if (path === undefined || group === undefined) continue;
      const byPersonId = teachers.get(planned.teacher) as string;
      const dueOn = planned.due === null ? null : days.at(planned.due);
      await myway.paths.assignToClass({ pathId: path.id, classId: group.id, byPersonId, dueOn });
    }
  }
}

interface SchoolToFill {
  id: string;
  key: SchoolKey;
  /** Id by sourcedId. */
  teachers: Map<string, string>;
  /** By name. */
  classes: Map<string, ClassSummary>;
}

async function schoolToFill({ directory }: Cradle, id: string, key: SchoolKey): Promise<SchoolToFill> {
  const teachers = new Map<string, string>();
  for (const { teacher } of [...schedule[key], ...fresh[key]]) {
    if (teachers.has(teacher)) continue;
    const personId = await directory.people.bySourcedId(id, teacher);
    if (personId === null) throw new Error(`the demonstration files have no ${teacher} in school ${id}`);
    teachers.set(teacher, personId);
  }
  const classes = await directory.classes.ofSchool(id);
  return { id, key, teachers, classes: new Map(classes.map((each) => [each.name, each])) };
}

/** One path for each teacher and subject, by {@link pathOf}. */
async function pathsOf(services: Cradle, schools: readonly SchoolToFill[]): Promise<Map<string, MadePath>> {
  const wanted = new Map<string, WantedPath>();
  for (const { id, key, teachers } of schools) {
    for (const planned of [...schedule[key], ...fresh[key]]) {
      const ownerId = teachers.get(planned.teacher) as string;
      wanted.set(pathOf(id, planned), { key: planned.path, school: id, ownerId });
    }
  }
  const madePaths = await makePaths(services, [...wanted.values()]);
  const keyOf = ({ school, ownerId, key }: WantedPath) => `${school} ${ownerId} ${key}`;
  const byKey = new Map(madePaths.map((path) => [keyOf(path), path]));
  return new Map(
    [...wanted].flatMap(([name, path]) => {
      const found = byKey.get(keyOf(path));
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}
