import type { TableDeclaration } from '../../contract/table.js';
import { eraseRuleOf } from '../../foundation/table-rules.js';
import type { Catalog, CatalogColumn, CatalogTable } from './catalog.js';

type Report = (where: string, message: string, remedy: string) => void;

const someone =
  'person|people|pupil|student|learner|child|parent|guardian|teacher|coach|author|owner|user|account|member|creator|sender|recipient|assignee';
/** `pupil_id`, `teacher_ids`, `created_by`. */
const personColumn = new RegExp(
  `(^|_)((${someone})_(id|uuid)s?|(creat|updat|chang|assign|remov|delet|approv|invit|grad|submitt?)ed_by)$`,
);
/** Names of columns that identify a person. */
export const identifyingColumn =
  /^(e_?mail(_address)?|(given|family|first|last|display|full|user|nick)_?name|birth_?(date|day|place)|date_of_birth|phone(_number)?|mobile|rrn|national_(number|id)|iban|photo|ip(_address)?)$/;
const idType = /^(uuid|text|citext|character varying(\(\d+\))?)(\[\])?$/;
const json = /^jsonb?(\[\])?$/;
const moment = /^(timestamp(\(\d\))? with(out)? time zone|date)$/;

/**
 * Compares a table's declarations about people with the table itself: every column that refers to people must be declared, and every
 * declared rule must be possible.
 */
export function checkPeople(
  { name, columns }: CatalogTable,
  table: TableDeclaration,
  catalog: Catalog,
  declared: Record<string, TableDeclaration>,
  reportFault: Report,
): void {
  const where = `tables.${name}`;
  const report = (message: string, remedy: string) => reportFault(where, message, remedy);
  const { people = {}, notPeople = {}, clear = [], withheld = {} } = table;
  for (const column of new Set([...Object.keys({ ...people, ...notPeople, ...withheld }), ...clear])) {
    if (!columns.has(column)) {
      report(`It declares the column "${column}", which does not exist.`, 'Remove it, or add the column.');
    }
  }
  for (const [column, { type }] of columns) {
    if (people[column] !== undefined || notPeople[column] !== undefined) continue;
    checkUndeclared(column, type, table, report);
  }
  for (const key of catalog.foreignKeys.filter((each) => each.table === name)) {
    for (const [index, column] of key.columns.entries()) {
      const target = key.targetColumns[index] as string;
      if (declared[key.target]?.people?.[target] === undefined || people[column] !== undefined) continue;
      report(
        `The column "${column}" refers to ${key.target}.${target}, which contains a person's id, and is not declared.`,
        `Add people: { ${column}: 'subject' }.`,
      );
    }
  }
  for (const column of Object.keys(people)) {
    const found = columns.get(column);
    if (found !== undefined) checkPersonColumn(column, found, name, table, catalog, report);
  }
  const anonymised = Object.keys(people).some((column) => eraseRuleOf(table, column) === 'anonymise');
  for (const column of clear) {
    const found = columns.get(column);
    if (found !== undefined && !clearable(found)) {
      report(
        `The column "${column}" cannot be emptied: it may be neither null nor empty, or PostgreSQL computes it.`,
        'Allow null: alter table … alter column … drop not null.',
      );
    }
  }
  if (clear.length > 0 && !anonymised) {
    report('It names columns to clear, but no row of it is anonymised.', "Remove clear, or declare erase: 'anonymise'.");
  }
  checkKept(name, table, columns, catalog, report);
}

function checkUndeclared(
  column: string,
  type: string,
  table: TableDeclaration,
  report: (m: string, remedy: string) => void,
): void {
  const people = Object.keys(table.people ?? {});
  const goes = people.length > 0 && people.every((each) => eraseRuleOf(table, each) === 'delete');
  const cleared = table.clear?.includes(column) ?? false;
  if (personColumn.test(column) && idType.test(type)) {
    report(
      `The column "${column}" looks like a person's id and is not declared.`,
      `Add people: { ${column}: 'subject' } (or notPeople with the reason).`,
    );
  } else if (identifyingColumn.test(column) && people.length === 0) {
    report(
      `The column "${column}" identifies a person, but the table names no column with a person's id.`,
      `Declare people: { …: 'subject' }, or notPeople: { ${column}: 'why' }.`,
    );
  } else if (identifyingColumn.test(column) && !goes && !cleared) {
    report(
      `The column "${column}" identifies a person and is kept when a row is anonymised.`,
      `Add clear: ['${column}'], or notPeople: { ${column}: 'why' }.`,
    );
  } else if (json.test(type) && !goes && !cleared) {
    report(
      `The column "${column}" holds JSON, which may name anyone, and is kept when a person is erased.`,
      people.length > 0
        ? `Add clear: ['${column}'], or notPeople: { ${column}: 'why' }.`
        : `Add notPeople: { ${column}: 'what it holds' }, or people with the row's person.`,
    );
  }
}

function checkPersonColumn(
  column: string,
  { type, nullable, generated }: CatalogColumn,
  name: string,
  table: TableDeclaration,
  catalog: Catalog,
  report: (message: string, remedy: string) => void,
): void {
  if (!idType.test(type)) {
    report(
      `The column "${column}" is ${type}, in which the kernel cannot find a person.`,
      'Make it uuid, text or an array of them.',
    );
    return;
  }
  const rule = eraseRuleOf(table, column);
  const refers = catalog.foreignKeys.some((key) => key.table === name && key.columns.includes(column));
  if (rule === 'anonymise' && (generated || (refers && !nullable))) {
    report(
      `The column "${column}" cannot be anonymised: ${generated ? 'PostgreSQL computes it' : 'it may not be null and refers to another table'}.`,
      `Allow null, or declare erase: 'delete'.`,
    );
  }
  if (rule !== 'delete') return;
  for (const { table: from, target, onDelete } of catalog.foreignKeys) {
    if (target !== name || from === name || !['a', 'r'].includes(onDelete)) continue;
    report(
      `Erasing a person deletes rows of ${name}, but ${from} refers to them and prevents that.`,
      `Write the foreign key of ${from} with "on delete cascade" or "on delete set null".`,
    );
  }
}

const clearable = ({ type, nullable, generated, checked }: CatalogColumn): boolean =>
  !generated && (nullable || (!checked && /^(text|citext|character varying.*|.*\[\])$/.test(type)));

function checkKept(
  name: string,
  { keep }: TableDeclaration,
  columns: CatalogTable['columns'],
  catalog: Catalog,
  report: (message: string, remedy: string) => void,
): void {
  if (keep === undefined) return;
  if (typeof keep === 'object' && 'with' in keep) {
    const kept = catalog.foreignKeys.some((key) => key.table === name && key.target === keep.with && key.onDelete === 'c');
    if (kept) return;
    report(
      `It is kept as long as its row in ${keep.with}, but does not refer to it with "on delete cascade".`,
      `Add such a foreign key to ${keep.with}, or declare a time: keep: 'P1Y'.`,
    );
    return;
  }
  const since = typeof keep === 'string' ? 'updated_at' : keep.since;
  const type = columns.get(since)?.type;
  if (type !== undefined && moment.test(type)) return;
  report(
    `Its rows are kept for a time after "${since}", which is ${type === undefined ? 'not a column of it' : `${type}, not a timestamp`}.`,
    `Add ${since} timestamptz not null default now() (and set it with each change), or name another: keep: { for: 'P1Y', since: '…' }.`,
  );
}
