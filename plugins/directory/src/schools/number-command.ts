import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

const command = commandFor<Cradle>();

/** `ilearn school number 123456 --new 654321 --also 222333` */
export const numberCommand = command({
  name: 'school number',
  summary: 'Show or set the numbers by which a school is known: a new one, and those of schools that were merged into it',
  usage: '<instellingsnummer>',
  options: {
    new: { type: 'string', help: 'the number that the school has from now on; it is also found by the one that it had' },
    also: { type: 'string', help: 'the number of a school that was merged into this one, or a former number' },
    merged: {
      type: 'boolean',
      help: 'with --also: the school with that number became part of this one, though it still has people',
    },
    forget: { type: 'string', help: 'another number of the school that no longer means it' },
  },
  async run({ args, options, work, print }) {
    const [number, ...more] = args;
    if (number === undefined || more.length > 0)
      throw new CommandError('Give one instellingsnummer: ilearn school number 123456 --new 654321');
    const { name, numbers } = await work(async ({ schools, schoolNumbers }) => {
      const school = await schools.byInstellingsnummer(number);
      if (school === null) throw new CommandError(`There is no school with the instellingsnummer ${number}. Import it first.`);
      await schoolNumbers.change(school.id, {
        renumber: readNumber('new', options['new']),
        add: readNumber('also', options['also']),
        forget: readNumber('forget', options['forget']),
        merged: options['merged'] === true,
      });
      return { name: school.name, numbers: await schools.numbersOf(school.id) };
    });
    const [current, ...others] = numbers;
    print(`${current} ${name}${others.length === 0 ? '' : `; also known by ${others.join(', ')}`}`);
  },
});

function readNumber(name: string, value: string | boolean | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[0-9]{6}$/.test(value)) return value;
  throw new CommandError(`--${name} is "${value}". Write an instellingsnummer of six digits: --${name} 654321`);
}
