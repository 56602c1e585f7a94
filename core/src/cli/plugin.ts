import { CommandError } from '../contract/work.js';
import { didYouMean } from '../foundation/nearest-name.js';

/** One `ilearn plugin <verb>`; loaded when asked for, since some bring much with them. */
interface Verb {
  usage: string;
  summary: string;
  load(): Promise<(argv: string[], root: string) => Promise<number>>;
}

/** One file a verb, in `plugin/`. */
const verbs: Record<string, Verb> = {
  new: {
    usage: '<id>',
    summary: 'Make a plugin in a folder of its own: route, job, table, page and tests',
    load: async () => (await import('./plugin/new.js')).newVerb,
  },
  check: {
    usage: '[folder|package]',
    summary: 'Hold a plugin against what the kernel promises of it',
    load: async () => (await import('./plugin/check.js')).checkVerb,
  },
  list: {
    usage: '',
    summary: 'Each plugin with its state, and what put it out of service',
    load: async () => (await import('./plugin/operate.js')).operateVerb('list'),
  },
  retry: {
    usage: '<id>',
    summary: 'Try a plugin again that is out of service, with those that wait for it',
    load: async () => (await import('./plugin/operate.js')).operateVerb('retry'),
  },
  disable: {
    usage: '<id>',
    summary: 'Take a plugin out of service; its data are kept',
    load: async () => (await import('./plugin/operate.js')).operateVerb('disable'),
  },
  enable: {
    usage: '<id>',
    summary: 'Bring a disabled plugin back',
    load: async () => (await import('./plugin/operate.js')).operateVerb('enable'),
  },
  detach: {
    usage: '<id> --to <folder>',
    summary: 'Export all rows of a plugin, read them back, and disable it',
    load: async () => (await import('./plugin/operate.js')).operateVerb('detach'),
  },
  purge: {
    usage: '<id>',
    summary: 'Show what a disabled plugin left in the database; with --yes remove it',
    load: async () => (await import('./plugin/operate.js')).operateVerb('purge'),
  },
};

export async function pluginCommand(argv: string[], root: string): Promise<number> {
  const [name = '--help'] = argv;
  if (name === '--help' || name === '-h') {
    const rows = Object.entries(verbs).map(([verb, { usage, summary }]) => [`${verb} ${usage}`, summary] as const);
    const width = Math.max(...rows.map(([row]) => row.length)) + 2;
    console.log('Usage: ilearn plugin <verb> [options]\n');
    for (const [row, summary] of rows) console.log(`  ${row.padEnd(width)}${summary}`);
    return 0;
  }
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined)
    throw new CommandError(`There is no verb "plugin ${name}".${didYouMean(name, Object.keys(verbs))} See: ilearn plugin --help`);
  const run = await verb.load();
  return run(argv.slice(1), root);
}
