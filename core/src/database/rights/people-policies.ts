import type { TableDeclaration } from '../../contract/table.js';
import type { Choice } from '../../foundation/purpose-choices.js';
import { literal, quote } from '../names.js';

/** A column that names people, with its SQL type: `uuid`, `text` or an array of them. */
export interface NamingColumn {
  name: string;
  type: string;
}

/** What the people whom a table names may decide about its rows. */
export interface PeopleRules {
  /** Columns that name the subjects. */
  subjects: NamingColumn[];
  /** Whether rows do not change while one of the subjects is restricted. */
  keeps: boolean;
  /** From whom rows of restricted people are also hidden: from everybody but them and officers, or from machines. Null: from nobody. */
  hides: 'everybody' | 'machines' | null;
  /** Null if the table's purpose allows no objection and needs no consent. */
  choice: { kind: Choice; purpose: string; people: NamingColumn[] } | null;
}

export const peoplePolicies = ['ilearn_restriction', 'ilearn_choice'];
export const peopleTriggers = ['ilearn_restriction', 'ilearn_choice'];

/**
 * @param choice what the table's purpose depends on
 * @param typeOf SQL type of a column; undefined if it does not exist
 */
export function peopleRulesOf(
  { tenant, people = {}, purpose, restriction }: TableDeclaration,
  choice: Choice | null,
  typeOf: (column: string) => string | undefined,
): PeopleRules {
  const columns = Object.entries(people).flatMap(([name, relation]) => {
    const type = typeOf(name);
    return type === undefined ? [] : [{ name, type, relation }];
  });
  const plain = ({ name, type }: NamingColumn) => ({ name, type });
  const subjects = columns.filter(({ relation }) => relation === 'subject').map(plain);
  return {
    subjects,
    keeps: restriction === undefined || 'shown' in restriction,
    hides:
      subjects.length === 0 || (typeof tenant === 'object' && 'none' in tenant)
        ? null
        : restriction === undefined || 'decided' in restriction
          ? 'everybody'
          : 'machines',
    choice:
      choice === null || purpose === undefined || columns.length === 0
        ? null
        : { kind: choice, purpose, people: columns.map(plain) },
  };
}

/** Whether the table has policies because of these rules. */
export const hasPolicies = ({ hides, choice }: PeopleRules): boolean => hides !== null || choice !== null;

/**
 * Statements that create the restrictive policies and the triggers of a table; `name` is quoted. Restrictive policies limit what the tenant
 * policies allow. They check nothing that is written, because the triggers have decided before.
 */
export function peopleStatements(name: string, { subjects, keeps, hides, choice }: PeopleRules): string[] {
  const seen = `${nobodyRestricted} or ${hides === 'machines' ? `${noMachine} or ` : ''}${all(subjects, shown)}`;
  return [
    ...(hides === null
      ? []
      : [`create policy ilearn_restriction on ${name} as restrictive for all using (${seen}) with check (true)`]),
    ...(choice === null
      ? []
      : [
          `create policy ilearn_choice on ${name} as restrictive for all
             using (${choice.kind === 'consent' ? `${reachesAll} or ` : ''}${all(choice.people, usable(choice.kind, choice.purpose))}) with check (true)`,
          `create trigger ilearn_choice before insert or update on ${name} for each row
             execute function kernel.leave_out(${[choice.kind, choice.purpose, ...choice.people.map((each) => each.name)].map(literal).join(', ')})`,
        ]),
    ...(subjects.length === 0 || !keeps
      ? []
      : [
          `create trigger ilearn_restriction before insert or update or delete on ${name} for each row
             when (current_setting('ilearn.restricted', true) <> '')
             execute function kernel.keep_restricted(${subjects.map((each) => literal(each.name)).join(', ')})`,
        ]),
  ];
}

const all = (columns: readonly NamingColumn[], condition: (column: NamingColumn) => string): string =>
  `(${columns.map(condition).join(' and ')})`;

const isList = (type: string): boolean => type.endsWith('[]');
const baseOf = (type: string): string => type.replace(/\[\]$/, '');

const nobodyRestricted = `(select current_setting('ilearn.restricted', true) = '')`;

/**
 * SQL: whether the column names nobody whose rows are hidden: a restricted person other than the viewer. The subquery depends on no row, so
 * PostgreSQL makes a hash of it once per statement; `= any (array)` would compare each row with each person.
 */
const shown = ({ name, type }: NamingColumn): string => {
  const hidden = `select each_person::${baseOf(type)} from unnest(string_to_array(current_setting('ilearn.restricted', true), ',')) each_person
    where each_person is distinct from current_setting('ilearn.viewer', true)`;
  return `(${quote(name)} ${isList(type) ? `&& array(${hidden})` : `in (${hidden})`}) is not true`;
};

const noMachine = `(select current_setting('ilearn.viewer', true) is distinct from 'machine')`;
const reachesAll = `(select current_setting('ilearn.viewer', true) in ('privacy', 'retention'))`;

/** SQL: whether everybody whom the column names lets the data be used. A hashed subplan, evaluated once per statement. */
const usable =
  (kind: Choice, purpose: string) =>
  ({ name, type }: NamingColumn): string => {
    const who = `select each_person::${baseOf(type)} from kernel.${kind === 'consent' ? 'consenting' : 'objectors'}(${literal(purpose)}) each_person`;
    const column = quote(name);
    // Null is in no list, not even as unknown if the list is empty.
    if (kind === 'consent') return `(${column} is null or ${column} ${isList(type) ? `<@ array(${who})` : `in (${who})`})`;
    return `(${column} ${isList(type) ? `&& array(${who})` : `in (${who})`}) is not true`;
  };
