import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { mondayOf } from '../days.js';

/** `ilearn agenda load 123456`: what the classes of a school have to do this week. */
export const loadCommand = commandFor<Cradle>()({
  name: 'agenda load',
  summary: 'Minutes of homework of each class of a school this week',
  usage: '<instellingsnummer>',
  async run({ args: [number], work, print }) {
    if (number === undefined) throw new CommandError('Name the school: ilearn agenda load <instellingsnummer>.');
    const lines = await work(async ({ directory, calendar, load }) => {
      const school = await directory.schools.byInstellingsnummer(number);
      if (school === null) throw new CommandError(`There is no school with the instellingsnummer ${number}.`);
      const monday = mondayOf(await calendar.today(school.id));
      const classes = await directory.classes.ofSchool(school.id);
      const loads = await Promise.all(classes.map(({ id }) => load.ofWeek(id, monday)));
      return classes.map(({ name }, index) => {
        const minutes = loads[index]?.reduce((sum, day) => sum + day.minutes, 0);
        return `${name}: ${minutes} min`;
      });
    });
    for (const line of lines) print(line);
  },
});
