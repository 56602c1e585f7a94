import { join, relative, resolve } from 'node:path';
import { type BuildReport, buildAssets } from './assets.js';
import { buildPluginUi, hasUi, pluginsWithUi } from './plugin-ui.js';
import { onChange } from './watch.js';

const HELP = `Usage: ilearn-ui build [--force] [--watch] [package folder…]

Builds the pages of plugins: src/ui.ts becomes dist/ui/index.js.
Without a folder: the plugin in the current folder; in the portal's own folder, the portal's assets and all plugins.

  --force  builds what is up to date as well
  --watch  goes on, and builds the pages of a plugin again after each change`;

/** Builds at a time. Bundlers use several threads, so two builds already use a small machine fully. */
const AT_ONCE = 2;

async function inTurn<T>(tasks: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
  const results: PromiseSettledResult<T>[] = [];
  const queue = tasks.map((task, index) => ({ task, index }));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [result] = await Promise.allSettled([next.task()]);
      results[next.index] = result as PromiseSettledResult<T>;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The command `ilearn-ui`; returns the exit code. */
export async function command(args: readonly string[], cwd = process.cwd()): Promise<number> {
  const words = args.filter((arg) => !arg.startsWith('--'));
  const unknown = args.find((arg) => arg.startsWith('--') && !['--force', '--watch', '--help'].includes(arg));
  if (args.includes('--help') || unknown) {
    console.log(unknown ? `Unknown option ${unknown}.\n\n${HELP}` : HELP);
    return unknown ? 2 : 0;
  }
  if (words[0] === 'build') words.shift();
  const force = args.includes('--force');
  const folders = words.map((word) => resolve(cwd, word));
  const whole = folders.length === 0 && !hasUi(cwd);
  const plugins = whole ? await pluginsWithUi(join(cwd, 'plugins')) : folders.length > 0 ? folders : [cwd];

  const tasks: { name: string; run: () => Promise<BuildReport> }[] = [
    ...(whole ? [{ name: '@ilearn/ui', run: () => buildAssets({ force }) }] : []),
    ...plugins.map((folder) => ({ name: relative(cwd, folder) || folder, run: () => buildPluginUi(folder, { force }) })),
  ];
  const buildAll = async (): Promise<boolean> => {
    const results = await inTurn(tasks.map((task) => task.run));
    results.forEach((result, index) => {
      if (result.status === 'rejected') console.error(`✗ ${tasks[index]?.name}: ${told(result.reason)}`);
      else
        console.log(
          `✓ ${result.value.what} ${result.value.skipped ? 'is up to date' : `built in ${result.value.milliseconds} ms`}`,
        );
    });
    return results.every((result) => result.status === 'fulfilled');
  };
  if (args.includes('--watch')) {
    onChange(plugins, buildAll);
    await buildAll();
    return new Promise(() => {});
  }
  return (await buildAll()) ? 0 : 1;
}
