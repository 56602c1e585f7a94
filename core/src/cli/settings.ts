import type { SettingField, SettingsSection } from '../contract/all-settings.js';
import { Problem } from '../contract/problem.js';
import { CommandError } from '../contract/work.js';
import { createLog } from '../foundation/log.js';
import { didYouMean } from '../foundation/nearest-name.js';
import type { Platform } from '../platform/platform.js';
import { openPlatform } from './open-platform.js';
import { type OptionHelp, parseOptions, printUsage } from './options.js';

interface Asked {
  tenant: string | null;
  language: string | undefined;
  args: string[];
}
interface Subcommand {
  summary: string;
  usage: string;
  /** Minimum and maximum number of arguments. */
  count: [number, number];
  run(platform: Platform, asked: Asked): Promise<void>;
}

const options: Record<string, OptionHelp> = {
  tenant: { type: 'string', help: 'Id of the tenant; without it, the settings of the portal' },
  language: { type: 'string', help: 'Of the texts: nl (default), en or fr' },
};

const subcommands: Record<string, Subcommand> = {
  get: {
    summary: 'Prints settings: of all plugins, of one, or a single one. A secret is never printed.',
    usage: '[<plugin>[.<field>]]',
    count: [0, 1],
    run: async (platform, { tenant, language, args: [name] }) => {
      const sections = await work(platform, () => platform.allSettings.sections(tenant, language));
      const chosen = name === undefined ? null : choose(sections, name);
      for (const { plugin, fields } of chosen === null ? sections : [chosen.section]) {
        for (const field of chosen?.field === undefined ? fields : [chosen.field]) {
          console.log(
            `${plugin}.${field.name} = ${shown(field)}  (${field.source}${field.misfit ? '; the stored value does not fit its schema' : ''})`,
          );
        }
      }
    },
  },
  set: {
    summary: 'Changes a setting, as the settings page does.',
    usage: '<plugin>.<field> <value>',
    count: [2, 2],
    run: async (platform, { tenant, args: [name = '', value = ''] }) => {
      await change(platform, tenant, name, ({ name: field, kind }) => ({ values: { [field]: read(kind, value) }, reset: [] }));
    },
  },
  reset: {
    summary: 'Removes the value of a setting, so that it falls back to that of the portal, or to its default.',
    usage: '<plugin>.<field>',
    count: [1, 1],
    run: (platform, { tenant, args: [name = ''] }) =>
      change(platform, tenant, name, ({ name: field }) => ({ values: {}, reset: [field] })),
  },
};

/** `ilearn settings <command>`: the values of the settings pages. */
export async function settingsCommand(argv: string[], root: string): Promise<number> {
  const [name = ''] = argv;
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined) {
    if (!['', '--help', '-h'].includes(name))
      throw new CommandError(`There is no command "settings ${name}". See: ilearn settings --help`);
    const lines = Object.entries(subcommands).map(([each, { usage, summary }]) => `  ${`${each} ${usage}`.padEnd(34)}${summary}`);
    console.log(`Usage: ilearn settings <command> [options]\n\n${lines.join('\n')}`);
    return 0;
  }
  const { args, options: given, help } = parseOptions(`settings ${name}`, argv.slice(1), options);
  if (help) {
    printUsage(`settings ${name}`, subcommand.summary, subcommand.usage, options);
    return 0;
  }
  const [fewest, most] = subcommand.count;
  if (args.length < fewest || args.length > most) {
    throw new CommandError(`Give ${subcommand.usage}. See: ilearn settings ${name} --help`);
  }
  const { platform } = await openPlatform(root, { log: createLog('warn') });
  try {
    await platform.migrate();
    await platform.prepare();
    const { tenant, language } = given as Record<string, string | undefined>;
    await subcommand.run(platform, { tenant: tenant ?? null, language, args });
    return 0;
  } catch (error) {
    throw error instanceof Problem ? new CommandError(told(error)) : error;
  } finally {
    await platform.stop();
  }
}

const work = <T>(platform: Platform, fn: () => Promise<T>): Promise<T> => platform.runner.run({}, fn);

function choose(
  sections: readonly SettingsSection[],
  name: string,
): { section: SettingsSection; field: SettingField | undefined } {
  const [plugin = '', field] = name.split('.', 2);
  const section = sections.find((each) => each.plugin === plugin);
  if (section === undefined) {
    const known = sections.map((each) => each.plugin);
    throw new CommandError(`"${plugin}" has no such settings.${didYouMean(plugin, known)} Those that have: ${known.join(', ')}.`);
  }
  if (field === undefined) return { section, field };
  const found = section.fields.find((each) => each.name === field);
  if (found !== undefined) return { section, field: found };
  const known = section.fields.map((each) => each.name);
  throw new CommandError(`${plugin} has no setting "${field}".${didYouMean(field, known)} It has: ${known.join(', ')}.`);
}

async function change(
  platform: Platform,
  tenant: string | null,
  name: string,
  decide: (field: SettingField) => { values: Record<string, unknown>; reset: string[] },
): Promise<void> {
  await work(platform, async () => {
    const { section, field } = choose(await platform.allSettings.sections(tenant), name);
    if (field === undefined)
      throw new CommandError(`Name the field: ${section.fields.map((each) => `${name}.${each.name}`).join(', ')}.`);
    const { plugin, version } = section;
    await platform.allSettings.change({ plugin, tenant, version, ...decide(field) });
  });
  const { section, field } = choose(await work(platform, () => platform.allSettings.sections(tenant)), name);
  if (field !== undefined) console.log(`${section.plugin}.${field.name} = ${shown(field)}  (${field.source})`);
}

const shown = ({ kind, value }: SettingField): string =>
  kind === 'secret' ? (value === true ? '(a secret)' : '(none)') : JSON.stringify(value);

/** Parses a value from the command line; a value of the wrong kind is left for the schema to refuse. */
function read(kind: SettingField['kind'], text: string): unknown {
  if (kind === 'text' || kind === 'secret' || kind === 'choice') return text;
  if (kind === 'date') return text === '' ? null : text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const told = ({ message, errors = [] }: Problem): string =>
  errors.length === 0
    ? message
    : errors.map(({ pointer, message: why }) => `${pointer.replace('/values/', '')}: ${why}`).join('\n');
