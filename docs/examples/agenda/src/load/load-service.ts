import { notFound } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { addDays, daysFrom } from '../days.js';
import type { DayLoad, Load } from '../exports.js';

/** Exported as `agenda.load`: whoever calls it sees no more than the present principal does. */
export class LoadService implements Load {
  readonly #services: Pick<Cradle, 'knex' | 'directory'>;

  constructor({ knex, directory }: Cradle) {
    this.#services = { knex, directory };
  }

  /** Minutes of homework of each class of a school in the week of this Monday, by id of the class. */
  async minutesIn(school: string, monday: string): Promise<Map<string, number>> {
    const rows: { class_id: string; minutes: string }[] = await this.#services
      .knex('homework')
      .where({ school_id: school })
      .whereBetween('due_on', [monday, addDays(monday, 6)])
      .groupBy('class_id')
      .select('class_id')
      .sum('minutes as minutes');
    return new Map(rows.map(({ class_id, minutes }) => [class_id, Number(minutes)]));
  }

  async ofWeek(classId: string, monday: string): Promise<DayLoad[]> {
    const { knex, directory } = this.#services;
    if (!(await directory.classes.canSee(classId))) throw notFound();
    // A sum over one table is plainer in knex than with a model.
    const rows: { day: string; minutes: string; tasks: string }[] = await knex('homework')
      .where({ class_id: classId })
      .whereBetween('due_on', [monday, addDays(monday, 6)])
      .groupBy('due_on')
      .select('due_on as day')
      .sum('minutes as minutes')
      .count('* as tasks');
    const byDay = new Map(rows.map((row) => [row.day, row]));
    return daysFrom(monday).map((day) => ({
      day,
      minutes: Number(byDay.get(day)?.minutes ?? 0),
      tasks: Number(byDay.get(day)?.tasks ?? 0),
    }));
  }
}
