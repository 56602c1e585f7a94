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
