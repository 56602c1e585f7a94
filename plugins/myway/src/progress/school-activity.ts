import type { Dependencies } from '../dependencies.js';
import type { YearActivity } from './start-model.js';

export const mostYears = 100;
const dayInMs = 86_400_000;

/** How many pupils of a school work, for those who lead it: numbers by year, and nothing about single pupils. */
export class SchoolActivity {
  private readonly knex;
  private readonly calendar;
  private readonly directory;

  constructor({ knex, calendar, directory }: Dependencies) {
    this.knex = knex;
    this.calendar = calendar;
    this.directory = directory;
  }

  /** The years of the caller's schools since Monday. Three statements for any number of classes. */
  async thisWeek(): Promise<{ since: string; years: YearActivity[] }> {
    const since = mondayOf(await this.calendar.today());
    const classes = (await this.directory.classes.ofSchool()).filter(({ kind }) => kind === 'class');
    const active: { class_id: string; pupils: number }[] = await this.knex('results')
      .join('directory.class_members as member', (on) =>
        on.on('member.person_id', 'results.pupil_id').on('member.school_id', 'results.school_id'),
      )
      .where('member.role', 'pupil')
      .whereRaw('results.last_active_at >= ?::date', [since])
      .groupBy('member.class_id')
      .select('member.class_id', this.knex.raw('count(distinct results.pupil_id)::int as pupils'));
    const activeOf = new Map(active.map((row) => [row.class_id, row.pupils]));
    const years = new Map<number | null, YearActivity>();
    for (const { id, name, pupils } of classes) {
      const digits = /^\d{1,2}/.exec(name)?.[0];
      const year = digits === undefined ? null : Number(digits);
      const sum = years.get(year) ?? { year, classes: 0, activeClasses: 0, pupils: 0, activePupils: 0 };
      const working = activeOf.get(id) ?? 0;
      sum.classes += 1;
      sum.activeClasses += Number(working > 0);
      sum.pupils += pupils;
      sum.activePupils += Math.min(working, pupils);
      years.set(year, sum);
    }
    const sorted = [...years.values()].sort((a, b) => (a.year ?? 100) - (b.year ?? 100));
    return { since, years: sorted };
  }
}

/** The Monday of the week of a day, both as `2026-11-27`. */
export function mondayOf(day: string): string {
  const at = Date.parse(day);
  return new Date(at - ((new Date(at).getUTCDay() + 6) % 7) * dayInMs).toISOString().slice(0, 10);
}
