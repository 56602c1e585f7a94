import { CommandError } from '../contract/work.js';
import { openDevFolder } from './dev/dev-folder.js';
import { Supervisor } from './dev/supervisor.js';
import { parseOptions, printUsage } from './options.js';

/** Runs the portal or plugin of this folder for its author: builds, restarts and reloads pages after each change. */
export async function devCommand(argv: string[], root: string): Promise<number> {
  const { help, args } = parseOptions('dev', argv, {});
  if (help) {
    printUsage('dev', 'Builds, restarts and reloads after each change of a plugin or a configuration.', undefined, {});
    return 0;
  }
  if (args.length > 0) throw new CommandError('ilearn dev takes no arguments: run it in the folder of a plugin or a portal.');
  const port = process.env['PORT'] ?? '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new CommandError(`PORT must be a port number, not "${port}".`);
  const supervisor = new Supervisor(openDevFolder(root));
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const starting = supervisor.start(Number(port));
  // Before it has started it can be stopped, too; a fault of the start ends the command.
  await Promise.race([stopped, starting.then(() => stopped)]);
  await supervisor.stop();
  return 0;
}
