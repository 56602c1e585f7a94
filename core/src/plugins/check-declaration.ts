import type { TableDeclaration } from '../contract/table.js';

type Report = (where: string, message: string, remedy: string) => void;

const duration = /^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/;

/** Checks a table's declarations about people, as far as possible without the table itself. */
export function checkDeclaration(name: string, table: TableDeclaration, report: Report): void {
  const people = Object.keys(table.people ?? {});
  if (people.length > 0) checkComplete(name, people, table, report);
  checkKeep(name, table, report);
  checkTenants(name, table, report);
}

function checkTenants(name: string, { tenant }: TableDeclaration, report: Report): void {
  if (typeof tenant === 'string' || !('sees' in tenant)) return;
  for (const column of tenant.writes.filter((each) => !tenant.sees.includes(each))) {
    report(
      `tables.${name}.tenant`,
      `"${column}" is in writes but not in sees: its tenant could change rows that it does not see.`,
      `Add '${column}' to sees.`,
    );
  }
}

function checkComplete(name: string, people: string[], table: TableDeclaration, report: Report): void {
  for (const member of ['keep', 'erase', 'purpose', 'use'] as const) {
    if (table[member] === undefined) {
      report(
        `tables.${name}`,
        `It refers to people (${people.join(', ')}) but does not declare "${member}".`,
        `Add ${member} to tables.${name}.`,
      );
    }
  }
  if (typeof table.erase !== 'object') return;
  const rules = Object.keys(table.erase);
  const odd = [...people.filter((column) => !rules.includes(column)), ...rules.filter((column) => !people.includes(column))];
  for (const column of odd) {
    report(
      `tables.${name}.erase`,
      `It has a rule for each column, but people and erase do not list the same columns: ${column}.`,
      `Give each column of people its rule: erase: { ${people.map((each) => `${each}: …`).join(', ')} }.`,
    );
  }
}

function checkKeep(name: string, { keep }: TableDeclaration, report: Report): void {
  if (keep === undefined || (typeof keep === 'object' && 'with' in keep)) return;
  const length = typeof keep === 'string' ? keep : keep.for;
  if (duration.test(length)) return;
  report(`tables.${name}.keep`, `"${length}" is not an ISO 8601 duration.`, 'Write it like P1Y, P6M or P30D.');
}
