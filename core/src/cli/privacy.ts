import { open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { readAudit } from '../audit/read-audit.js';
import type { Frame } from '../context/frame.js';
import type { ErasureStatus } from '../contract/privacy.js';
import { CommandError } from '../contract/work.js';
import { createLog } from '../foundation/log.js';
import type { Platform } from '../platform/platform.js';
import { checkedId } from '../privacy/person-id.js';
import { languageOf } from '../privacy/privacy-texts.js';
import { readableRegister } from '../privacy/register/readable-register.js';
import { registerPage } from '../privacy/register/register-page.js';
import { openPlatform } from './open-platform.js';
import { type OptionHelp, parseOptions, printUsage } from './options.js';

type Options = Record<string, string | boolean | undefined>;
type Run = (platform: Platform) => Promise<number>;

interface Subcommand {
  summary: string;
  usage?: string;
  options: Record<string, OptionHelp>;
  /** Validates the arguments before anything is opened. */
  read(args: string[], options: Options): Run;
}

const language: OptionHelp = { type: 'string', help: 'Of the page: nl (default), en or fr' };

const subcommands: Record<string, Subcommand> = {
  export: {
    summary: 'Writes everything that the portal stores about a person to a zip archive.',
    usage: '<person id>',
    options: { to: { type: 'string', help: 'The file to write' }, language },
    read: exportPerson,
  },
  erase: {
    summary:
      'Erases a person from all tables. Without --yes, only shows what it would erase. Run again, it continues where it stopped.',
    usage: '<person id>',
    options: { yes: { type: 'boolean', help: 'Erase; this cannot be undone' } },
    read: erasePerson,
  },
  retention: {
    summary: 'Deletes or anonymises what is past its time, as the portal itself does every day.',
    options: { 'dry-run': { type: 'boolean', help: 'Only show what would be deleted' } },
    read: endRetention,
  },
  register: {
    summary: 'Prints the record of processing activities (GDPR art. 30).',
    options: { format: { type: 'string', help: 'json (default) or html' }, language },
    read: printRegister,
  },
  audit: {
    summary: 'Prints who saw and changed what, newest first. Reading it is recorded too.',
    options: {
      person: { type: 'string', help: 'What a person, or another object with this id, did or had done to it' },
      actor: { type: 'string', help: 'What a person did' },
      since: { type: 'string', help: 'From this moment on, such as 2026-09-01' },
    },
    read: printAudit,
  },
};

/** `ilearn privacy <command>`: export, erasure, retention, register and audit. */
export async function privacyCommand(argv: string[], root: string): Promise<number> {
  const [name = ''] = argv;
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined) {
    if (!['', '--help', '-h'].includes(name))
      throw new CommandError(`There is no command "privacy ${name}". See: ilearn privacy --help`);
    const lines = Object.entries(subcommands).map(
      ([each, { usage = '', summary }]) => `  ${`${each} ${usage}`.padEnd(20)}${summary}`,
    );
    console.log(`Usage: ilearn privacy <command> [options]\n\n${lines.join('\n')}`);
    return 0;
  }
  const { args, options, help } = parseOptions(`privacy ${name}`, argv.slice(1), subcommand.options);
  if (help) {
    printUsage(`privacy ${name}`, subcommand.summary, subcommand.usage, subcommand.options);
    return 0;
  }
  if (args.length !== (subcommand.usage === undefined ? 0 : 1)) {
    throw new CommandError(`Give ${subcommand.usage ?? 'no arguments'}. See: ilearn privacy ${name} --help`);
  }
  const run = subcommand.read(args, options);
  const { platform } = await openPlatform(root, { log: createLog('warn') });
  try {
    await platform.migrate();
    await platform.prepare();
    return await run(platform);
  } finally {
    await platform.stop();
  }
}

const work = <T>(platform: Platform, fn: (frame: Frame) => Promise<T>): Promise<T> => platform.runner.run({}, fn);

function personOf([id = '']: string[]): string {
  try {
    return checkedId(id);
  } catch {
    throw new CommandError(`"${id}" is not the id of a person: a UUID such as 0b9d4f2e-5a54-4c53-9d0e-6f2f6c1d7a11.`);
  }
}

function exportPerson(args: string[], options: Options): Run {
  const person = personOf(args);
  const { to, language } = options;
  if (typeof to !== 'string') throw new CommandError('Give the file: --to file.zip');
  return async (platform) => {
    const file = await open(to, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      throw new CommandError(`${to} cannot be written: ${error.code === 'EEXIST' ? 'it already exists' : error.message}.`);
    });
    try {
      await work(platform, (frame) => platform.privacy.note(frame, 'ilearn privacy export', person, 'operator'));
      const archive = platform.privacy.archive({ person, language: languageOf(language as string), tenants: '*' });
      await pipeline(archive, file.createWriteStream());
    } catch (error) {
      // A partial archive must not be mistaken for a complete one.
      await file.close().catch(() => {});
      await rm(to);
      throw error;
    }
    const { size } = await stat(to);
    console.log(`${to}: ${size} bytes. It holds personal data: keep it safe and delete it when it is handed over.`);
    return 0;
  };
}

function erasePerson(args: string[], options: Options): Run {
  const person = personOf(args);
  return options['yes'] === true ? (platform) => eraseNow(platform, person) : (platform) => tellErasable(platform, person);
}

async function tellErasable(platform: Platform, person: string): Promise<number> {
  const lines = await work(platform, (frame) => platform.privacy.erasable(frame, person));
  for (const { plugin, table, action, rows } of lines) console.log(`${plugin}.${table}: ${rows} ${action}`);
  console.log('Nothing was erased. Add --yes to erase; this cannot be undone.');
  return 0;
}

async function eraseNow(platform: Platform, person: string): Promise<number> {
  const { privacy } = platform;
  const id = await work(platform, async (frame) => {
    await privacy.note(frame, 'ilearn privacy erase', person, 'operator');
    return privacy.erasures.request(frame.unit, person);
  });
  const { rows, state, failure } = await ended(platform, id);
  for (const { plugin, table, action, rows: count } of rows) console.log(`${plugin}.${table}: ${count} ${action}`);
  if (state === 'done') {
    console.log(`Erased (erasure ${id}).`);
    return 0;
  }
  console.error(
    `Not everything was erased: ${failure}\nThe log has the details. Fix the cause; the portal retries by itself, and this command retries immediately.`,
  );
  return 2;
}

/** Runs the erasure, or waits for another process of the portal that is running it. */
async function ended(platform: Platform, id: string): Promise<ErasureStatus> {
  const { erasures } = platform.privacy;
  for (;;) {
    await erasures.run(id);
    const status = await work(platform, ({ unit }) => erasures.status(unit, id));
    if (status !== null && status.state !== 'running') return status;
    await pause(1000);
  }
}

function endRetention(_: string[], options: Options): Run {
  const dry = options['dry-run'] === true;
  return async (platform) => {
    const { privacy } = platform;
    const lines = dry ? await work(platform, ({ unit }) => privacy.expired(unit)) : await privacy.endExpired();
    for (const { plugin, table, action, rows } of lines) {
      console.log(`${plugin}.${table}: ${rows} ${dry ? `to be ${action}` : action}`);
    }
    if (lines.length === 0) console.log('Nothing is due for deletion.');
    return 0;
  };
}

function printRegister(_: string[], options: Options): Run {
  const { format = 'json', language } = options;
  if (format !== 'json' && format !== 'html') throw new CommandError(`There is no format "${format}": use json or html.`);
  return async (platform) => {
    const { register, plugins } = await work(platform, ({ unit }) => platform.privacy.register(unit));
    const reader = languageOf(language as string);
    const text =
      format === 'json' ? JSON.stringify(register, null, 2) : registerPage(readableRegister(register, plugins, reader), reader);
    console.log(text);
    return 0;
  };
}

function printAudit(_: string[], options: Options): Run {
  const { person, actor, since } = options as Record<string, string | undefined>;
  if ((person === undefined) === (actor === undefined)) throw new CommandError('Give a person: --person <id> or --actor <id>.');
  const id = personOf([person ?? actor ?? '']);
  const from = since === undefined ? null : new Date(since);
  if (from !== null && Number.isNaN(from.getTime())) {
    throw new CommandError(`"${since}" is not a date or time: write 2026-09-01 or 2026-09-01T08:00Z.`);
  }
  return async (platform) => {
    const lines = await work(platform, async (frame) => {
      const found = await readAudit(frame.unit, { id, role: person === undefined ? 'actor' : 'any', since: from });
      await platform.privacy.note(frame, 'ilearn privacy audit', id, 'operator');
      return found;
    });
    for (const { at, actorKind, actor: by, route, params, status, details } of lines) {
      const named = Object.entries(params).map(([name, value]) => `${name}=${value ?? 'erased'}`);
      console.log(
        [
          at.toISOString(),
          status,
          `${actorKind} ${by ?? '-'}`,
          route,
          ...named,
          ...(details === null ? [] : [JSON.stringify(details)]),
        ].join('  '),
      );
    }
    if (lines.length === 0) console.log('The log has no such entries.');
    return 0;
  };
}
