import { createHash } from 'node:crypto';
import type { Cradle } from '../cradle.js';
import { addDays, schoolYearOf } from '../periods.js';
import { demoTools, simulate } from './simulate.js';

/** Invented schools besides those of the demonstration, so that there is something to compare. */
const invented = 10;
const regions = ['oost-vlaanderen', 'antwerpen', 'west-vlaanderen', 'limburg', 'vlaams-brabant', 'brussel'];
const batch = 1_000;

interface Made {
  day: string;
  schools: string[];
}

/** The id of an invented school or group; the same in each demonstration. A UUID of version 8. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(`demo ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Fills the cube with what one school did since the school year before this one. Returns whether there is another school to fill.
 *
 * @param at which school: those of the demonstration first, then invented ones
 */
export async function fillSchool({ knex, calendar }: Cradle, { day, schools }: Made, at: number): Promise<boolean> {
  const from = schoolYearOf(addDays(schoolYearOf(day), -1));
  const [calendarOf] = schools as [string];
  const days: string[] = [];
  for (let each = from; each < day; each = addDays(each, 1)) if (await calendar.isSchoolDay(calendarOf, each)) days.push(each);
  const own = schools[at];
  const school_id = own ?? idOf(`school ${at}`);
  const rows = simulate({ seed: at + 1, pupils: own === undefined ? 80 + ((at * 37) % 90) : 70 }, days);
  for (let done = 0; done < rows.length; done += batch) {
    const part = rows.slice(done, done + batch).map((row) => ({ ...row, school_id }));
    await knex('cells').insert(part).onConflict(['grain', 'starts_on', 'school_id', 'measure', 'item']).ignore();
  }
  if (own === undefined) {
    const group = at % 3;
    await knex('places')
      .insert(
        [from, schoolYearOf(day)].map((school_year) => ({
          ...{ school_year, school_id, school_name: `Voorbeeldschool ${at}` },
          ...{ level: at % 3 === 0 ? 'secondary' : 'nursery-primary', region: regions[at % regions.length] as string },
          ...{ group_id: idOf(`group ${group}`), group_name: `Voorbeeldgroep ${group + 1}` },
        })),
      )
      .onConflict(['school_year', 'school_id'])
      .ignore();
  }
  if (at === 0) {
    const first = days[0] ?? day;
    const measures = [...new Set(rows.map(({ measure }) => measure))];
    await knex('started')
      .insert(measures.map((measure) => ({ measure, day: first })))
      .onConflict('measure')
      .ignore();
    const names = Object.entries(demoTools).map(([item, name]) => ({ item, name }));
    await knex('items').insert(names).onConflict('item').ignore();
  }
  return at + 1 < schools.length + invented;
}
