import { type Command, CommandError } from '../contract/work.js';
import { renderFaults } from '../foundation/diagnosis.js';
import { createLog } from '../foundation/log.js';
import { didYouMean } from '../foundation/nearest-name.js';
import type { Platform } from '../platform/platform.js';
import { checkPlugins } from '../plugins/check.js';
import { ownCommands } from '../plugins/check-composition.js';
import { openPlatform, readComposition } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';
import { createProgress } from './progress.js';

/** Lists the commands of the portal's plugins. */
export async function listCommands(root: string): Promise<{ commands: Command[]; faults: number }> {
  const { plugins, faults, unloaded } = await readComposition(root);
  const commands = checkPlugins(plugins).plugins.flatMap(({ definition }) => definition.commands ?? []);
  return { commands, faults: faults.length + unloaded.length };
}

/** Runs the plugin command with the longest matching name (`ilearn import skos a.ttl`), after migrating the database. */
export async function runPluginCommand(argv: string[], root: string): Promise<number> {
  const { platform } = await openPlatform(root, { log: createLog('warn') });
  const found = platform.plugins
    .flatMap((plugin) => (plugin.definition.commands ?? []).map((command) => ({ plugin, command })))
    .filter(({ command }) => command.name.split(' ').every((word, index) => argv[index] === word))
    .sort((a, b) => b.command.name.length - a.command.name.length)[0];
  if (found === undefined) {
    const given = argv.filter((word) => !word.startsWith('-'));
    const own = ownCommands.filter((each) => each !== 'help');
    const known = [...own, ...platform.plugins.flatMap(({ definition }) => (definition.commands ?? []).map(({ name }) => name))];
    const meant = [given[0] ?? '', given.slice(0, 2).join(' ')]
      .map((name) => didYouMean(name, known))
      .find((each) => each !== '');
    throw new CommandError(`There is no command "${argv.slice(0, 2).join(' ')}".${meant ?? ''} See: ilearn help`);
  }
  const { plugin, command } = found;
  const { args, options, help } = parseOptions(command.name, argv.slice(command.name.split(' ').length), command.options ?? {});
  if (help) {
    printUsage(command.name, command.summary, command.usage, command.options ?? {});
    return 0;
  }
  const progress = createProgress();
  try {
    await platform.prepare();
    refuseIfOut(platform, plugin.id);
    const storing = platform.storing(plugin.id);
    const code = await command
      .run({
        args,
        options,
        progress,
        print: (line) => console.log(line),
        work: (fn) => platform.work(plugin.id, fn),
        http: platform.runner.httpOf(plugin.id),
        store: storing.store,
        audit: (person) =>
          platform.runner.run({}, (frame) => platform.privacy.note(frame, `ilearn ${command.name}`, person, 'operator')),
      })
      .finally(() => storing.settle());
    return code ?? 0;
  } finally {
    progress.stop();
    await platform.stop();
  }
}

/** A plugin's commands are refused only because of its own faults. */
function refuseIfOut({ composition }: Platform, id: string): void {
  const { state } = composition.find(id) ?? {};
  if (state?.state === 'disabled') throw new CommandError(`The plugin ${id} is disabled. → ilearn plugin enable ${id}`);
  if (state?.state === 'quarantined') throw new CommandError(renderFaults(state.faults, `The plugin ${id} is out of service`));
}
