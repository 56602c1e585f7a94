import { resolve } from 'node:path';
import { readSettings } from '../../config/settings.js';
import { CommandError } from '../../contract/work.js';
import { CompositionError } from '../../foundation/diagnosis.js';
import { createLog } from '../../foundation/log.js';
import type { CommandInput, CommandResult, PluginCommandName } from '../../lifecycle/commands/command.js';
import { askPortal, controlAddress } from '../../lifecycle/control-socket.js';
import { openPlatform } from '../open-platform.js';
import { type OptionHelp, parseOptions, printUsage } from '../options.js';

const dependants = { 'with-dependants': { type: 'boolean', help: 'Also disable those that require it' } } as const;

const optionsOf: Record<PluginCommandName, Record<string, OptionHelp>> = {
  list: {},
  retry: {},
  enable: {},
  disable: dependants,
  detach: { to: { type: 'string', help: 'A new or empty folder' }, ...dependants },
  attach: {},
  purge: { yes: { type: 'boolean', help: 'Remove it permanently' } },
};

/** Runs in the portal's process if that has the embedded database open, otherwise in this process. */
export const operateOn =
  (command: PluginCommandName) =>
  async (argv: string[], root: string): Promise<number> => {
    const { args, options, help } = parseOptions(`plugin ${command}`, argv, optionsOf[command]);
    const usage = command === 'list' ? undefined : command === 'attach' ? '<folder>' : '<id>';
    if (help) {
      printUsage(
        `plugin ${command}`,
        'Works on a running portal too, and reaches each of its processes.',
        usage,
        optionsOf[command],
      );
      return 0;
    }
    const [id = ''] = args;
    if (args.length !== (command === 'list' ? 0 : 1)) {
      throw new CommandError(`Usage: ilearn plugin ${command}${usage === undefined ? '' : ` ${usage}`}`);
    }
    const { code, lines } = await run(root, {
      command,
      id: command === 'attach' ? resolve(id) : id,
      options: {
        yes: options['yes'] === true,
        withDependants: options['with-dependants'] === true,
        ...(typeof options['to'] === 'string' ? { to: resolve(options['to']) } : {}),
      },
    });
    for (const line of lines) (code === 0 ? console.log : console.error)(line);
    return code;
  };

async function run(root: string, input: CommandInput): Promise<CommandResult> {
  const { settings, faults } = readSettings(process.env, root);
  if (settings === null) throw new CompositionError(faults);
  if (settings.databaseUrl === undefined) {
    const answer = await askPortal(controlAddress(settings.dataDir), input);
    if (answer !== null) return answer;
  }
  const { platform } = await openPlatform(root, { log: createLog('silent'), databaseFirst: true });
  try {
    await platform.loadStoredStates();
    return await platform.operate(input);
  } finally {
    await platform.stop();
  }
}
