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
      const minutes = await load.minutesIn(school.id, mondayOf(await calendar.today(school.id)));
      const classes = await directory.classes.ofSchool(school.id);
      return classes.map(({ id, name }) => `${name}: ${minutes.get(id) ?? 0} min`);
    });
    for (const line of lines) print(line);
  },
});
