import { relative, resolve } from 'node:path';
import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { writeConnector } from './write-connector.js';

/** `ilearn connector new`: writes the package of a provider. */
export const newConnector = commandFor<Cradle>()({
  name: 'connector new',
  summary: 'Create the package of an external tool: its facts, its activities and, with --lti, its registration',
  usage: '<name>',
  options: {
    in: { type: 'string', help: 'Folder in which ilearn-plugin-connector-<name> is created (the current one)' },
    lti: { type: 'boolean', help: 'A tool that speaks LTI 1.3, instead of plain links' },
  },
  async run({ args, options, print }) {
    const [key, ...more] = args;
    if (key === undefined || more.length > 0)
      throw new CommandError('Give one name: lower-case words joined by hyphens, such as "word-trainer".');
    const parent = resolve(typeof options['in'] === 'string' ? options['in'] : '.');
    const folder = writeConnector({ key, parent, lti: options['lti'] === true });
    print(
      `Created ${folder}\n\nindex.js is all there is; node_modules/@ilearn/core/docs/connectors.md says what each member means. Then, in this folder:\n\n` +
        `  npm install ./${relative('.', folder)}\n  npx -p @ilearn/core ilearn plugin check ${relative('.', folder)}\n  npx -p @ilearn/core ilearn connector check ${key}`,
    );
  },
});
