import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

const command = commandFor<Cradle>();

/** `ilearn school release 123456 --name on --email off` */
export const releaseCommand = command({
  name: 'school release',
  summary: 'Set what tools receive about the people of a school',
  usage: '<instellingsnummer>',
  options: {
    name: { type: 'string', help: 'on or off: whether tools may get names' },
    email: { type: 'string', help: 'on or off: whether tools may get e-mail addresses' },
  },
  async run({ args, options, work, print }) {
    const [number, ...more] = args;
    if (number === undefined || more.length > 0)
      throw new CommandError('Give one instellingsnummer: ilearn school release 123456 --name on');
    const change = { name: readSwitch('name', options['name']), email: readSwitch('email', options['email']) };
    const { school, releases } = await work(async ({ schools, schoolAdmin }) => {
      const found = await schools.byInstellingsnummer(number);
      if (found === null) throw new CommandError(`There is no school with the instellingsnummer ${number}. Import it first.`);
      return { school: found, releases: await schoolAdmin.setReleases(found.id, change) };
    });
    const word = (on: boolean) => (on ? 'on' : 'off');
    print(`${school.instellingsnummer} ${school.name}: name ${word(releases.name)}, email ${word(releases.email)}`);
  },
});

function readSwitch(name: string, value: string | boolean | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value !== 'on' && value !== 'off') throw new CommandError(`--${name} is "${value}". Write --${name} on or --${name} off.`);
  return value === 'on';
}
