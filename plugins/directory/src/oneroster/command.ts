import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { inWords } from './faults.js';
import type { ImportReport } from './importer.js';
import type { LeftOut, LeftOutReason } from './read.js';

const command = commandFor<Cradle>();

/** `ilearn import oneroster <folder|zip> [--dry-run]`; exit code 1 if a school is refused. */
export const importCommand = command({
  name: 'import oneroster',
  summary: 'Import schools, people and classes from OneRoster 1.2 CSV files',
  usage: '<folder or zip>',
  options: {
    'dry-run': { type: 'boolean', help: 'only show what would change' },
    'allow-removals': { type: 'boolean', help: 'allow it to remove more than half of the records of a kind in a school' },
  },
  async run({ args, options, work, progress, print }) {
    const [path, ...more] = args;
    if (path === undefined || more.length > 0)
      throw new CommandError('Give one folder or zip: ilearn import oneroster ./roster.zip');
    const report = await work(({ importer }) =>
      importer.run(path, { dryRun: options['dry-run'] === true, allowRemovals: options['allow-removals'] === true, progress }),
    );
    for (const line of describeReport(report)) print(line);
    return report.faults.length > 0 ? 1 : 0;
  },
});

const why: Record<LeftOutReason, string> = {
  personal: 'not stored: the portal does not need it',
  unused: 'not used by the portal',
  unknown: 'not part of OneRoster 1.2',
  'windows-1252': 'not UTF-8: read as Windows-1252. Check names with letters such as é',
  'no-portal-role': 'no role in the portal',
  'not-now': 'not between their dates today',
  left: 'left when the school year was turned, and the next one has not begun',
  'gone-already': 'to be deleted, but not in the portal',
  'school-stays': 'a school is not deleted by a file',
  'school-group': 'school groups are changed by a portal administrator',
};

/** The report as lines of text. */
export function describeReport(report: ImportReport): string[] {
  const { dryRun, schools, schoolCount, tables, faults, faultCount, removals, leftOut, outcome } = report;
  const lines: string[] = [];
  for (const { instellingsnummer, name, known, refused } of schools) {
    const state = refused ? 'refused, left as it was' : dryRun ? 'sound' : known ? 'imported' : 'imported, new';
    lines.push(`${instellingsnummer} ${name}: ${state}`);
  }
  if (schoolCount > schools.length) lines.push(`and ${schoolCount - schools.length} more schools`);
  for (const [table, { added, changed, removed, unchanged }] of Object.entries(tables)) {
    if (added + changed + removed + unchanged === 0) continue;
    lines.push(
      `${table.replace('_', ' ').padEnd(13)} ${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`,
    );
  }
  if (leftOut.length > 0) lines.push('Left out deliberately:', ...leftOut.map(describeLeftOut));
  if (faults.length > 0)
    lines.push(`${faultCount === 1 ? '1 fault' : `${faultCount} faults`}:`, ...faults.map((one) => `  ${inWords(one)}`));
  if (faultCount > faults.length) lines.push(`  and ${faultCount - faults.length} more`);
  if (removals.length > 0 && faults.some(({ code }) => code.startsWith('removes-')))
    lines.push('If all of that has really gone, run the command again with --allow-removals.');
  if (outcome === 'refused') lines.push('Nothing was imported.');
  else if (dryRun) lines.push('This was a dry run: nothing was changed.');
  return lines;
}

const describeLeftOut = ({ file, column, count, reason }: LeftOut): string => {
  const what = column === null ? file : `${file} ${column}`;
  const unit = column === null ? 'row' : 'cell';
  return `  ${what}${count === null ? '' : ` (${count} ${unit}${count === 1 ? '' : 's'})`}: ${why[reason]}`;
};
