import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../dist/oneroster/plan.js';
import type { State } from '../dist/oneroster/state.js';
import { nothingStored, planOf } from './planning.js';
import { filesOf, testFiles, twoSchools } from './roster.js';

/** What is stored once a plan has been carried out on an empty directory. */
const stored = ({ changes }: Plan): State => ({ ...nothingStored(), ...(changes as object), roles: changes.roles.put });

/** Everything that a plan writes must find what it refers to among what it writes. */
function expectWhole({ changes, schools }: Plan): void {
  const accepted = new Set(schools.filter(({ refused }) => !refused).map(({ school }) => school.id));
  const people = new Map(changes.people.map((person) => [person.id, person]));
  const members = new Set(changes.memberships.map(({ school_id, person_id }) => `${school_id} ${person_id}`));
  const classes = new Map(changes.classes.map((one) => [one.id, one]));
  const years = new Set(changes.years.map(({ school_id, name }) => `${school_id} ${name}`));
  const sites = new Set(changes.sites.map(({ id }) => id));
  expect(new Set(changes.schools.map(({ id }) => id))).toEqual(accepted);
  for (const { instellingsnummer } of changes.schools) expect(instellingsnummer).toMatch(/^\d{6}$/);
  for (const { given_name, family_name, school_ids } of changes.people) {
    expect(given_name && family_name).toBeTruthy();
    expect(school_ids.length).toBeGreaterThan(0);
    for (const school of school_ids) expect(accepted).toContain(school);
  }
  for (const { school_id, person_id } of [...changes.memberships, ...changes.roles.put]) {
    expect(accepted).toContain(school_id);
    expect(people.has(person_id)).toBe(true);
  }
  for (const { school_id, school_year, site_id } of changes.classes) {
    expect(accepted).toContain(school_id);
    expect(years).toContain(`${school_id} ${school_year}`);
    if (site_id !== null) expect(sites).toContain(site_id);
  }
  for (const { school_id, class_id, person_id } of changes.enrolments) {
    expect(classes.get(class_id)?.school_id).toBe(school_id);
    expect(members).toContain(`${school_id} ${person_id}`);
  }
  for (const { personId, after } of changes.grants) {
    expect(people.has(personId)).toBe(true);
    for (const { tenant: school, role } of after) {
      expect(accepted).toContain(school);
      expect(['pupil', 'teacher', 'principal', 'ict-coordinator']).toContain(role);
    }
  }
}

const fileName = fc.constantFrom(...testFiles.map((name) => `${name}.csv`), 'manifest.csv');

describe('arbitrary packages', () => {
  it('with randomly changed bytes are reported, or are consistent', async () => {
    const wound = fc.record({ file: fileName, at: fc.nat(), bytes: fc.uint8Array({ maxLength: 6 }), length: fc.nat(12) });
    await fc.assert(
      fc.asyncProperty(fc.array(wound, { minLength: 1, maxLength: 3 }), async (wounds) => {
        const files = new Map([...filesOf(twoSchools())].map(([name, text]) => [name, Buffer.from(text)]));
        for (const { file, at, bytes, length } of wounds) {
          const whole = files.get(file) as Buffer;
          const start = at % (whole.length + 1);
          files.set(file, Buffer.concat([whole.subarray(0, start), bytes, whole.subarray(start + length)]));
        }
        expectWhole(await planOf(files, nothingStored(), true));
      }),
      { numRuns: 100 },
    );
  });

  it('with randomly exchanged cells are reported, or are consistent and import the same twice', async () => {
    const values = [
      '',
      'a',
      'b',
      'g',
      'a-1',
      'ali',
      'kim',
      'ann',
      '1a',
      '1b',
      'sy',
      'tr1',
      'true',
      'false',
      'teacher',
      'student',
      'aide',
      'school',
      'term',
      'tobedeleted',
      '111111',
      '2026-09-01',
      '2020-01-01',
    ];
    const swap = fc.record({
      file: fc.constantFrom(...testFiles),
      row: fc.nat(),
      column: fc.nat(),
      value: fc.constantFrom(...values),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(swap, { minLength: 1, maxLength: 4 }), fc.boolean(), async (swaps, delta) => {
        const roster = twoSchools();
        for (const { file, row, column, value } of swaps) {
          const line = roster[file][row % roster[file].length] as { [name: string]: string };
          const names = [...Object.keys(line), 'status', 'beginDate', 'endDate', 'parentSourcedId'];
          line[names[column % names.length] as string] = value;
        }
        if (delta) {
          for (const name of testFiles) roster.manifest[`file.${name}`] = 'delta';
          for (const name of testFiles)
            for (const line of roster[name])
              Object.assign(line, { status: line['status'] ?? 'active', dateLastModified: '2026-10-01T08:00:00Z' });
        }
        const files = new Map([...filesOf(roster)].map(([name, text]) => [name, Buffer.from(text)]));
        const first = await planOf(files, nothingStored(), true);
        expectWhole(first);
        const second = await planOf(files, stored(first), true);
        expect(second.faults).toEqual(first.faults);
        const { added, changed, removed } = Object.values(second.changes.counts).reduce((sum, one) => ({
          added: sum.added + one.added,
          changed: sum.changed + one.changed,
          removed: sum.removed + one.removed,
          unchanged: 0,
        }));
        expect({ added, changed, removed }).toEqual({ added: 0, changed: 0, removed: 0 });
        expect(second.changes.grants).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
