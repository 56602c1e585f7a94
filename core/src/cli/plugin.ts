import { CommandError } from '../contract/work.js';
import { didYouMean } from '../foundation/nearest-name.js';

/** One `ilearn plugin <command>`, loaded on demand because some import much code. */
interface Subcommand {
  usage: string;
  summary: string;
  load(): Promise<(argv: string[], root: string) => Promise<number>>;
}

/** Each command is in a file in `plugin/`. */
const subcommands: Record<string, Subcommand> = {
  new: {
    usage: '<id>',
    summary: 'Create a plugin in a folder of its own, with a route, job, table, page and tests',
    load: async () => (await import('./plugin/new.js')).runNew,
  },
  check: {
    usage: '[folder|package]',
    summary: "Verify a plugin against the kernel's guarantees",
    load: async () => (await import('./plugin/check.js')).runCheck,
  },
  upgrade: {
    usage: '[folder]',
    summary: 'Rewrite the sources of a plugin for this kernel',
    load: async () => (await import('./plugin/upgrade.js')).runUpgrade,
  },
  list: {
    usage: '',
    summary: 'List the plugins with their state, and why they are out of service',
    load: async () => (await import('./plugin/operate.js')).operateOn('list'),
  },
  retry: {
    usage: '<id>',
    summary: 'Start a plugin again that is out of service, with those that wait for it',
    load: async () => (await import('./plugin/operate.js')).operateOn('retry'),
  },
  disable: {
    usage: '<id>',
    summary: 'Take a plugin out of service; its data are kept',
    load: async () => (await import('./plugin/operate.js')).operateOn('disable'),
  },
  enable: {
    usage: '<id>',
    summary: 'Put a disabled plugin back into service',
    load: async () => (await import('./plugin/operate.js')).operateOn('enable'),
  },
  detach: {
    usage: '<id> --to <folder>',
    summary: 'Export all rows of a plugin, read them back, and disable it',
    load: async () => (await import('./plugin/operate.js')).operateOn('detach'),
  },
  attach: {
    usage: '<folder>',
    summary: 'Bring back what detach exported: rows, files, settings and waiting work of a purged plugin',
    load: async () => (await import('./plugin/operate.js')).operateOn('attach'),
  },
  purge: {
    usage: '<id>',
    summary: 'Show what a disabled plugin left in the database; with --yes remove it',
    load: async () => (await import('./plugin/operate.js')).operateOn('purge'),
  },
};

export async function pluginCommand(argv: string[], root: string): Promise<number> {
  const [name = '--help'] = argv;
  if (name === '--help' || name === '-h') {
    const rows = Object.entries(subcommands).map(
      ([subcommand, { usage, summary }]) => [`${subcommand} ${usage}`, summary] as const,
    );
    const width = Math.max(...rows.map(([row]) => row.length)) + 2;
    console.log('Usage: ilearn plugin <command> [options]\n');
    for (const [row, summary] of rows) console.log(`  ${row.padEnd(width)}${summary}`);
    return 0;
  }
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined)
    throw new CommandError(
      `There is no command "plugin ${name}".${didYouMean(name, Object.keys(subcommands))} See: ilearn plugin --help`,
    );
  const run = await subcommand.load();
  return run(argv.slice(1), root);
}
