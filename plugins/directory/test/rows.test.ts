import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inWords } from '../dist/oneroster/faults.js';
import { nearestOf } from '../dist/oneroster/header.js';
import { check, checkFiles, find, planOf } from './planning.js';
import { asPackage, filesOf, type TestRoster, testFiles, twoSchools } from './roster.js';

const bytes = (files: ReadonlyMap<string, string>) => new Map([...files].map(([name, text]) => [name, Buffer.from(text)]));
const sound = async () => (await planOf(asPackage(twoSchools()))).changes;
/** The lines of each file of the package, header first. */
const linesOf = (files: ReadonlyMap<string, string>, name: string): string[] => (files.get(name) ?? '').trimEnd().split('\n');
const changed = (name: string, change: (lines: string[]) => string[]): Map<string, Buffer> => {
  const files = filesOf(twoSchools());
  files.set(name, `${change(linesOf(files, name)).join('\n')}\n`);
  return bytes(files);
};
const places = testFiles.flatMap((file) =>
  linesOf(filesOf(twoSchools()), `${file}.csv`).flatMap((_, row) => (row === 0 ? [] : [{ name: `${file}.csv`, row }])),
);

describe('content D14: what spreadsheets do to rows', () => {
  test('content D14: surplus empty cells change nothing in any file', async () => {
    const expected = await sound();
    for (const file of testFiles) {
      for (const surplus of [',', ',,  ,']) {
        const longer = ([header = '', ...rows]: string[]) => [header, ...rows.map((row) => `${row}${surplus}`)];
        const { faults, changes } = await planOf(changed(`${file}.csv`, longer));
        expect(faults.map(inWords)).toEqual([]);
        expect(changes).toEqual(expected);
      }
    }
  });

  test('a header with surplus empty names is read', async () => {
    const { faults, changes } = await planOf(changed('users.csv', (lines) => lines.map((line) => `${line},,`)));
    expect(faults).toEqual([]);
    expect(changes).toEqual(await sound());
  });

  test('content D14: a row that lost any one cell is reported once, with how to fix it, and nothing of it is guessed', async () => {
    for (const { name, row } of places) {
      const line = linesOf(filesOf(twoSchools()), name)[row] ?? '';
      const cells = [...line.matchAll(/(?:^|,)("[^"]*"|[^,]*)/g)].map(([, cell = '']) => cell);
      const columns = linesOf(filesOf(twoSchools()), name)[0]?.split(',') ?? [];
      for (const lost of cells.keys()) {
        // A name that is gone cannot be told from one that was never there.
        if (['sourcedId', 'userSourcedId'].includes(columns[lost] ?? '')) continue;
        const { faults } = await planOf(changed(name, (lines) => lines.with(row, cells.toSpliced(lost, 1).join(','))));
        expect(faults.map(inWords)).toEqual([
          `${name}, row ${row + 1}: This row has ${cells.length - 1} cells and the header has ${cells.length}. Add those that are missing: an empty cell needs its comma too.`,
        ]);
      }
    }
  });

  test('a row without its last cell at the end of a file without a line break is reported as cut off', async () => {
    const { faults } = await checkFiles((files) =>
      files.set('users.csv', (files.get('users.csv') ?? '').trimEnd().replace(/,+$/, '')),
    );
    expect(faults).toEqual(['users.csv 10 cut-off']);
  });

  test('for any faulty row only its own fault is reported, not the rows that refer to it', async () => {
    for (const { name, row } of places) {
      const torn = await planOf(changed(name, (lines) => lines.with(row, `${lines[row]},surplus`)));
      expect(torn.faults.map(inWords), `${name} row ${row + 1}`).toHaveLength(1);
      const file = name.replace('.csv', '') as (typeof testFiles)[number];
      const roster: TestRoster = twoSchools();
      Object.assign(roster[file][row - 1] as object, { status: 'unknown' });
      const { faults } = await planOf(asPackage(roster));
      expect(faults.map(inWords), `${name} row ${row + 1}`).toHaveLength(1);
    }
  });
});

describe('content D15: packages as spreadsheets export them', () => {
  test.each([
    ['semicolons', (text: string) => text.replaceAll(',', ';')],
    ['tabs', (text: string) => text.replaceAll(',', '\t')],
    ['a first line sep=,', (text: string) => `sep=,\n${text}`],
    ['a first line sep=; and semicolons', (text: string) => `sep=;\r\n${text.replaceAll(',', ';')}`],
    ['a byte order mark, sep=; and semicolons', (text: string) => `\ufeffsep=;\n${text.replaceAll(',', ';')}`],
  ])('content D15: files with %s are read like those with commas', async (_, change) => {
    const files = filesOf(twoSchools());
    const { faults, changes } = await planOf(bytes(new Map([...files].map(([name, text]) => [name, change(text)]))));
    expect(faults.map(inWords)).toEqual([]);
    expect(changes).toEqual(await sound());
  });

  test('rows are counted as a spreadsheet shows them, without the line sep=', async () => {
    const { faults } = await checkFiles((files) =>
      files.set('users.csv', `sep=;\n${(files.get('users.csv') ?? '').replaceAll(',', ';').replace('true', 'waar')}`),
    );
    expect(faults).toEqual(['users.csv 2 enabledUser boolean']);
  });

  test.each([
    ['sourcedId', 'SourcedID'],
    ['givenName', 'GivenName'],
    ['givenName', 'given name'],
    ['enabledUser', 'enabled_user'],
    ['familyName', 'famlyName'],
  ])('a similar column name is suggested: %s, written %s', async (name, written) => {
    const files = filesOf(twoSchools());
    files.set('users.csv', (files.get('users.csv') ?? '').replace(new RegExp(`\\b${name}\\b`), written));
    const { faults } = await planOf(bytes(files));
    expect(faults.map(inWords)).toEqual([
      `users.csv, row 1, ${name}: The header names "${written}" instead of this column. Spell it exactly so.`,
    ]);
  });

  test('no suggestion is made for a very different name', () => {
    expect(nearestOf('name', ['naam', 'title', 'role'])).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, others) => {
        const near = nearestOf(name, others);
        if (near !== undefined) expect(others).toContain(near);
      }),
    );
  });

  const withoutParent = (roster: TestRoster) => {
    Object.assign(find(roster.academicSessions, 'tr1'), { parentSourcedId: '' });
    Object.assign(find(roster.classes, '1a'), { termSourcedIds: 'tr1' });
  };

  test('a term without parent within one school year belongs to it', async () => {
    const roster = twoSchools();
    withoutParent(roster);
    const { faults, changes } = await planOf(asPackage(roster));
    expect(faults.map(inWords)).toEqual([]);
    expect(changes.classes.map(({ school_year }) => school_year)).toEqual(['2026-2027', '2026-2027', '2026-2027']);
  });

  test.each([
    ['reaches beyond it', (roster: TestRoster) => Object.assign(find(roster.academicSessions, 'tr1'), { endDate: '2027-09-02' })],
    [
      'lies within two',
      ({ academicSessions }: TestRoster) =>
        academicSessions.push({
          ...find(academicSessions, 'sy'),
          sourcedId: 'sy2',
          startDate: '2025-09-01',
          endDate: '2026-12-31',
        }),
    ],
  ])('a term without parent that %s belongs to none', async (_, change) => {
    const { faults } = await check((roster) => {
      withoutParent(roster);
      change(roster);
    });
    expect(faults).toEqual(['classes.csv 2 termSourcedIds class-year']);
  });

  test('a bulk row is not refused for its dateLastModified, nor a class without a course', async () => {
    const { faults } = await check(({ users, classes }) => {
      Object.assign(find(users, 'ali'), { dateLastModified: '2017-05-06 08:01:05' });
      Object.assign(find(classes, '1a'), { courseSourcedId: '' });
    });
    expect(faults).toEqual([]);
  });
});
