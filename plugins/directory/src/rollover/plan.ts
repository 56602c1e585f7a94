import { createHash } from 'node:crypto';
import { nameKey } from '../ids.js';
import { compareNames } from '../order.js';
import { nextName } from './next-name.js';

/** What becomes of a class, or of a pupil of it: they go to a class of next year, leave the school, or have no class yet. */
export type Outcome = { outcome: 'to'; name: string } | { outcome: 'leaves' } | { outcome: 'none' };

export type TeachersChoice = 'same-name' | 'along' | 'none';

/** What is stored about this year and the next. */
export interface RolloverState {
  classes: { id: string; name: string; grade: number | null; site_id: string | null }[];
  places: { class_id: string; person_id: string; role: 'pupil' | 'teacher' }[];
  groups: { id: string; name: string; owner_id: string | null }[];
  /** Pupils of groups. */
  grouped: { class_id: string; person_id: string }[];
  /** Classes of next year that the school's own data brought. */
  next: { id: string; name: string }[];
  nextPlaces: { class_id: string; person_id: string; role: 'pupil' | 'teacher' }[];
  /** Pupils who also work in the school, and so do not leave it. */
  staff: string[];
}

export interface RolloverChoices {
  teachers: TeachersChoice;
  paths: boolean;
  /** By id of the class or group. */
  classes: ReadonlyMap<string, Outcome>;
  /** By ids of the class and the pupil, with a space between them. */
  pupils: ReadonlyMap<string, Outcome>;
}

export interface ClassPlan {
  id: string;
  name: string;
  pupils: number;
  /** What is chosen, or else proposed; null if the school's own data place each pupil. */
  goes: Outcome | null;
  /** Whether it was chosen. */
  chosen: boolean;
  /** Where the pupils of the class go, most of them first. */
  to: { name: string; pupils: number }[];
  leaving: number;
  without: number;
  /** The one class to which all pupils go who stay; null if they spread. */
  whole: { id: string; name: string } | null;
}

export interface GroupPlan {
  id: string;
  name: string;
  pupils: number;
  /** How many of them the owner teaches next year. */
  taught: number;
  goesAlong: boolean;
  /** Whether it was chosen. */
  chosen: boolean;
}

export interface Plan {
  /** Whether the school's own data have classes of next year, so that none are made here. */
  delivered: boolean;
  classes: ClassPlan[];
  groups: GroupPlan[];
  /** Classes to make, with who is in them. */
  made: { id: string; name: string; grade: number | null; site: string | null; pupils: string[]; teachers: string[] }[];
  /** Pupils who leave the school. */
  leavers: string[];
  /** Pupils without a class next year. */
  classless: string[];
  /** Identifies what would happen. */
  version: string;
}

/** @param classId gives the id of a class that is made, by its name */
export function planRollover(state: RolloverState, choices: RolloverChoices, classId: (name: string) => string): Plan {
  const delivered = state.next.length > 0;
  const pupilsOf = placesOf(state, 'pupil');
  const teachersOf = placesOf(state, 'teacher');
  const names = state.classes.map(({ name }) => name);
  const targets = new Map<
    string,
    { id: string; name: string; grade: number | null; sites: Set<string | null>; from: Set<string> }
  >();
  const target = (name: string, from: RolloverState['classes'][number]) => {
    const key = nameKey(name);
    const found = targets.get(key) ?? { id: classId(name), name: name.trim(), grade: null, sites: new Set(), from: new Set() };
    found.grade ??= from.grade === null || nameKey(from.name) === key ? from.grade : Math.min(from.grade + 1, 12);
    found.sites.add(from.site_id);
    found.from.add(from.id);
    targets.set(key, found);
    return found;
  };

  const nextOf = new Map<string, Set<string>>();
  for (const { class_id, person_id, role } of state.nextPlaces) if (role === 'pupil') add(nextOf, person_id, class_id);
  const nextById = new Map(state.next.map((one) => [one.id, one]));
  const goesTo = (
    from: RolloverState['classes'][number],
    pupil: string,
    goes: Outcome | null,
  ): { id: string; name: string }[] | Outcome => {
    if (goes === null) return [...(nextOf.get(pupil) ?? [])].flatMap((id) => nextById.get(id) ?? []);
    const outcome = choices.pupils.get(`${from.id} ${pupil}`) ?? goes;
    return outcome.outcome === 'to' ? [target(outcome.name, from)] : outcome;
  };

  const placed = new Map<string, Set<string>>();
  const leaving = new Set<string>();
  const all = new Set<string>();
  const classes = state.classes.map((from): ClassPlan => {
    const goes = delivered ? null : (choices.classes.get(from.id) ?? proposed(from.name, names));
    const counts = new Map<string, { id: string; name: string; pupils: number }>();
    let gone = 0;
    let without = 0;
    const pupils = [...(pupilsOf.get(from.id) ?? [])];
    // An empty class is made too, so that its teacher has it.
    if (goes?.outcome === 'to') target(goes.name, from);
    for (const pupil of pupils) {
      all.add(pupil);
      const found = goesTo(from, pupil, goes);
      if (!Array.isArray(found)) {
        if (found.outcome === 'leaves') {
          leaving.add(pupil);
          gone += 1;
        } else without += 1;
        continue;
      }
      if (found.length === 0) without += 1;
      for (const { id, name } of found) {
        add(placed, id, pupil);
        const counted = counts.get(id) ?? { id, name, pupils: 0 };
        counted.pupils += 1;
        counts.set(id, counted);
      }
    }
    const to = [...counts.values()].sort((a, b) => b.pupils - a.pupils || compareNames(a.name, b.name));
    const [first] = to;
    return {
      id: from.id,
      name: from.name,
      pupils: pupils.length,
      goes,
      chosen: choices.classes.has(from.id),
      to: to.map(({ name, pupils }) => ({ name, pupils })),
      leaving: gone,
      without,
      whole: first !== undefined && to.length === 1 ? { id: first.id, name: first.name } : null,
    };
  });

  const staff = new Set(state.staff);
  const inNext = new Set([...placed.values()].flatMap((pupils) => [...pupils]));
  const made = delivered
    ? []
    : [...targets.entries()].map(([key, { id, name, grade, sites, from }]) => ({
        id,
        name,
        grade,
        site: sites.size === 1 ? ([...sites][0] ?? null) : null,
        pupils: [...(placed.get(id) ?? [])].sort(),
        teachers: teachersFor(choices.teachers, key, from, state, teachersOf),
      }));
  const plan = {
    delivered,
    classes,
    groups: planGroups(state, choices, made),
    made,
    leavers: delivered ? [] : [...leaving].filter((pupil) => !inNext.has(pupil) && !staff.has(pupil)).sort(),
    classless: [...all].filter((pupil) => !inNext.has(pupil) && !leaving.has(pupil)).sort(),
  };
  return {
    ...plan,
    version: createHash('sha256')
      .update(JSON.stringify([plan, choices.paths, choices.teachers]))
      .digest('base64url'),
  };
}

function proposed(name: string, names: readonly string[]): Outcome {
  const next = nextName(name, names);
  return next === null ? { outcome: 'none' } : next === 'leaves' ? { outcome: 'leaves' } : { outcome: 'to', name: next };
}

function teachersFor(
  choice: TeachersChoice,
  key: string,
  from: ReadonlySet<string>,
  state: RolloverState,
  teachersOf: ReadonlyMap<string, Set<string>>,
): string[] {
  if (choice === 'none') return [];
  const sources = state.classes.filter(({ id, name }) => (choice === 'along' ? from.has(id) : nameKey(name) === key));
  return [...new Set(sources.flatMap(({ id }) => [...(teachersOf.get(id) ?? [])]))].sort();
}

/** A group goes along if its owner teaches one of its pupils next year, because it only has pupils whom the owner teaches. */
function planGroups(state: RolloverState, choices: RolloverChoices, made: Plan['made']): GroupPlan[] {
  const taught = new Map<string, Set<string>>();
  const pupilsIn = new Map<string, string[]>(made.map(({ id, pupils }) => [id, pupils]));
  for (const { class_id, person_id, role } of state.nextPlaces)
    if (role === 'pupil') pupilsIn.set(class_id, [...(pupilsIn.get(class_id) ?? []), person_id]);
  const teaches: [teacher: string, klas: string][] = [
    ...made.flatMap(({ id, teachers }) => teachers.map((teacher): [string, string] => [teacher, id])),
    ...state.nextPlaces.flatMap(({ class_id, person_id, role }): [string, string][] =>
      role === 'teacher' ? [[person_id, class_id]] : [],
    ),
  ];
  for (const [teacher, klas] of teaches) for (const pupil of pupilsIn.get(klas) ?? []) add(taught, teacher, pupil);
  const members = new Map<string, Set<string>>();
  for (const { class_id, person_id } of state.grouped) add(members, class_id, person_id);
  return state.groups.map(({ id, name, owner_id }) => {
    const pupils = [...(members.get(id) ?? [])];
    const stays = pupils.filter((pupil) => taught.get(owner_id ?? '')?.has(pupil) ?? false).length;
    const chosen = choices.classes.get(id);
    const goesAlong = chosen === undefined ? stays > 0 : chosen.outcome === 'to';
    return { id, name, pupils: pupils.length, taught: stays, goesAlong, chosen: chosen !== undefined };
  });
}

function placesOf({ places }: RolloverState, wanted: 'pupil' | 'teacher'): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { class_id, person_id, role } of places) if (role === wanted) add(found, class_id, person_id);
  return found;
}

function add(to: Map<string, Set<string>>, key: string, value: string): void {
  const found = to.get(key);
  if (found === undefined) to.set(key, new Set([value]));
  else found.add(value);
}
