import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { findToolFaults } from './tool-faults.js';

/** `ilearn connector check`: what only a portal with a curriculum can know of its tools. `ilearn plugin check` finds the rest. */
export const checkConnector = commandFor<Cradle>()({
  name: 'connector check',
  summary: 'Check that the tools of this portal name concepts of its curriculum and say what schools must know',
  usage: '[key...]',
  async run({ args, work, print }) {
    const found = await work(async ({ contributions, concepts, knex }) => {
      const tools = contributions.of('tools').map(({ value }) => value);
      const unknown = args.find((key) => !tools.some((tool) => tool.key === key));
      if (unknown !== undefined) {
        throw new CommandError(
          `No plugin in service contributes a tool "${unknown}".\nThere are: ${tools.map(({ key }) => key).join(', ') || 'none'}. Name the package in ilearn.config.ts; ilearn plan says what is wrong with it.`,
        );
      }
      const chosen = tools.filter(({ key }) => args.length === 0 || args.includes(key));
      const known = await concepts.labels(chosen.flatMap((tool) => tool.activities.flatMap(({ conceptUris }) => conceptUris)));
      const schemes = await knex('schemes').first('uri');
      return chosen.map((tool) => ({ tool, faults: findToolFaults(tool, schemes === undefined ? null : new Set(known.keys())) }));
    });
    for (const { tool, faults } of found) {
      print(`${faults.length === 0 ? '✓' : '✗'} ${tool.key}: ${tool.name}, ${tool.activities.length} activities`);
      for (const { where, message, remedy } of faults) print(`    ${where}: ${message}\n      → ${remedy}`);
    }
    return found.some(({ faults }) => faults.length > 0) ? 1 : 0;
  },
});
