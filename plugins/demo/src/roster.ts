import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../data/oneroster/', import.meta.url));
/** Files of the package that name its school year. */
const dated = ['academicSessions.csv', 'classes.csv', 'courses.csv'];
/** The school year of the files begins in this year. */
const written = 2026;

/** The year in which the school year of a day begins: 2026 for all days from `2026-09-01` to `2027-08-31`. */
export const schoolYearOf = (day: string): number => Number(day.slice(0, 4)) - (day.slice(5) < '09-01' ? 1 : 0);

/**
 * Calls `use` with a folder of the schools' OneRoster files in which the school year is that of `day`, so that the classes are those of
 * this year whenever the demonstration is made.
 */
export async function withRoster<T>(day: string, use: (folder: string) => Promise<T>): Promise<T> {
  const year = schoolYearOf(day);
  if (year === written) return use(folder);
  const copy = await mkdtemp(join(tmpdir(), 'ilearn-demo-'));
  try {
    await cp(folder, copy, { recursive: true });
    for (const name of dated) {
      const text = await readFile(join(copy, name), 'utf8');
      await writeFile(
        join(copy, name),
        text.replace(/\b202[67]\b/g, (found) => String(Number(found) - written + year)),
      );
    }
    return await use(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
