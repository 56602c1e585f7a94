import type { Knex } from 'knex';
import type { Outcome, RolloverChoices, RolloverState, TeachersChoice } from './plan.js';

/** The school years between which a school turns. Dates are text: `2027-09-01`. */
export interface Years {
  from: string;
  to: string;
  startsOn: string;
  endsOn: string;
  /** First day on which the turn may be applied: the summer holidays begin. */
  applyFrom: string;
}

export interface RolloverRow {
  id: string;
  school_id: string;
  from_year: string;
  to_year: string;
  teachers: TeachersChoice;
  paths: boolean;
  pairs: { from: string; to: string }[];
  applied_at: Date | null;
  undo_until: Date | null;
}

export const rolloverColumns = [
  'id',
  'school_id',
  'from_year',
  'to_year',
  'teachers',
  'paths',
  'pairs',
  'applied_at',
  'undo_until',
] as const;

const day = 24 * 60 * 60 * 1000;
/** A school that did not turn before the year began can still do so in its first weeks. */
const lateDays = 92;
/** July and August. */
const earlyDays = 62;

const shift = (date: string, days: number): string => new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
const nextYear = (date: string): string => `${Number(date.slice(0, 4)) + 1}${date.slice(4).replace('-02-29', '-02-28')}`;
const following = (name: string): string => `${Number(name.slice(0, 4)) + 1}-${Number(name.slice(5)) + 1}`;

/**
 * The turn that is at hand: into the current school year in its first weeks, if that was not done and there are classes or groups of the
 * year before; otherwise into the next one. Null for a school without school years.
 *
 * @param today `2027-08-20`
 */
export async function yearsAtHand(knex: Knex, school: string, today: string): Promise<Years | null> {
  const stored: { name: string; starts_on: string; ends_on: string }[] = await knex('school_years')
    .where({ school_id: school })
    .orderBy('name')
    .select(
      'name',
      knex.raw("to_char(starts_on, 'YYYY-MM-DD') as starts_on"),
      knex.raw("to_char(ends_on, 'YYYY-MM-DD') as ends_on"),
    );
  const current = stored.filter(({ starts_on }) => starts_on <= today).at(-1) ?? stored[0];
  if (current === undefined) return null;
  const years = (from: string, to: { name: string; starts_on: string; ends_on: string }): Years => ({
    from,
    to: to.name,
    startsOn: to.starts_on,
    endsOn: to.ends_on,
    applyFrom: shift(to.starts_on, -earlyDays),
  });
  const turned: Pick<RolloverRow, 'to_year' | 'applied_at' | 'undo_until'>[] = await knex('rollovers')
    .where({ school_id: school })
    .whereNotNull('applied_at')
    .select('to_year', 'applied_at', 'undo_until');
  const before = stored.findLast(({ name }) => name < current.name);
  if (before !== undefined && shift(current.starts_on, lateDays) > today) {
    const done = turned.find(({ to_year }) => to_year === current.name);
    const undoable = done?.undo_until != null && done.undo_until.toISOString().slice(0, 10) >= today;
    const stays = await knex('classes').where({ school_id: school, school_year: before.name, active: true }).first('id');
    if (undoable || (done === undefined && stays !== undefined)) return years(before.name, current);
  }
  const name = following(current.name);
  const next = stored.find((one) => one.name === name);
  return years(current.name, next ?? { name, starts_on: nextYear(current.starts_on), ends_on: nextYear(current.ends_on) });
}

/**
 * Loads what the turn of a school starts from.
 *
 * @param today `2027-08-20`
 */
export async function loadRollover(
  knex: Knex,
  school: string,
  { from, to, startsOn }: Years,
  today: string,
): Promise<RolloverState> {
  const classesOf = (year: string, kind: 'class' | 'group') =>
    knex('classes').where({ school_id: school, school_year: year, kind, active: true });
  const fromData = () => classesOf(to, 'class').whereNotNull('sourced_id');
  const placesIn = (classes: Knex.QueryBuilder) =>
    knex('enrolments')
      .join('memberships', { 'memberships.school_id': 'enrolments.school_id', 'memberships.person_id': 'enrolments.person_id' })
      .where({ 'enrolments.active': true, 'memberships.active': true })
      .whereIn('enrolments.class_id', classes.select('id'))
      .distinct('enrolments.class_id', 'enrolments.person_id', 'enrolments.role')
      .orderBy(['enrolments.class_id', 'enrolments.person_id', 'enrolments.role']);
  return {
    classes: await classesOf(from, 'class').orderBy(['name', 'id']).select('id', 'name', 'grade', 'site_id'),
    // Those of the last weeks of the year: some end with it.
    places: await placesIn(classesOf(from, 'class')).whereRaw(
      '(enrolments.ends_on is null or enrolments.ends_on > least(?::date, ?::date - 70))',
      [today, startsOn],
    ),
    groups: await classesOf(from, 'group').orderBy(['name', 'id']).select('id', 'name', 'owner_id'),
    grouped: await placesIn(classesOf(from, 'group')).where('enrolments.role', 'pupil'),
    next: await fromData().orderBy(['name', 'id']).select('id', 'name'),
    nextPlaces: await placesIn(fromData()).whereRaw('(enrolments.ends_on is null or enrolments.ends_on > ?::date)', [startsOn]),
    staff: await knex('roles').where({ school_id: school }).whereNot({ role: 'pupil' }).distinct().pluck('person_id'),
  };
}

interface ChoiceRow {
  class_id: string;
  outcome: 'to' | 'leaves' | 'none';
  to_name: string | null;
}

const outcomeOf = ({ outcome, to_name }: ChoiceRow): Outcome =>
  outcome === 'to' ? { outcome, name: to_name ?? '' } : { outcome };

export async function loadChoices(knex: Knex, row: RolloverRow | undefined): Promise<RolloverChoices> {
  if (row === undefined) return { teachers: 'same-name', paths: false, classes: new Map(), pupils: new Map() };
  const chosen = { rollover_id: row.id };
  const classes: ChoiceRow[] = await knex('rollover_classes').where(chosen).select('class_id', 'outcome', 'to_name');
  const pupils: (ChoiceRow & { person_id: string })[] = await knex('rollover_pupils')
    .where(chosen)
    .select('class_id', 'person_id', 'outcome', 'to_name');
  return {
    teachers: row.teachers,
    paths: row.paths,
    classes: new Map(classes.map((one) => [one.class_id, outcomeOf(one)])),
    pupils: new Map(pupils.map((one) => [`${one.class_id} ${one.person_id}`, outcomeOf(one)])),
  };
}
