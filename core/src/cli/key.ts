import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';
import { configuredKey } from '../access/configured-key.js';
import {
  addConfiguredKey,
  ageOfKey,
  checkMasterKey,
  type Database,
  forgetStoredKey,
  keepOnlyKey,
  MasterKeyError,
  replaceMasterKey,
  storedKeys,
  textOfKey,
} from '../access/master-key.js';
import { CommandError } from '../contract/work.js';
import { addressOf, openHome } from '../database/homes/home.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { shapeOf } from '../foundation/setting-fields.js';
import { liveProcesses } from '../lifecycle/process-registry.js';
import { readComposition } from './open-platform.js';
import { type OptionHelp, parseOptions, printUsage } from './options.js';

interface Given {
  database: Database;
  key: Uint8Array | undefined;
  /** Ids of the plugins that derive keys from the master key. */
  users: string[];
  /** Ids of the plugins with secret settings. */
  secretive: string[];
  /** Ids of the plugins whose files are encrypted with it. */
  keepers: string[];
  options: Record<string, string | boolean | undefined>;
}
interface Subcommand {
  summary: string;
  options: Record<string, OptionHelp>;
  run(given: Given): Promise<number>;
}

const subcommands: Record<string, Subcommand> = {
  status: {
    summary: 'Shows where the master key is, and whether it matches the data.',
    options: {},
    run: async ({ database, key }) => {
      const place = await checkMasterKey(database, key);
      const words = {
        none: 'There is no master key yet: the first start creates one in the database.',
        database: 'The master key is in the database, and so in each of its dumps. ilearn key move --to <file> moves it out.',
        given: 'The master key comes from outside the database, and matches the data.',
      };
      console.log(words[place]);
      if (key !== undefined && place === 'given') {
        const { since, keys } = await ageOfKey(database, key);
        if (since !== null) console.log(`In use since ${since.at.toISOString().slice(0, 10)}.`);
        if (keys > 1)
          console.log(`${keys} keys open this portal. Once every process has the new one: ilearn key rotate --finish`);
        if ((await storedKeys(database)).master !== null) console.log('The database has an older one, which is not used.');
      }
      return 0;
    },
  },
  move: {
    summary: 'Moves the master key from the database to a file. Stop the portal first.',
    options: { to: { type: 'string', help: 'The new file; then set SECRET_KEY_FILE to it' } },
    run: async ({ database, key, options: { to } }) => {
      if (typeof to !== 'string') throw new CommandError('Give the new file: --to <file>');
      if (key !== undefined || (await checkMasterKey(database, key)) !== 'database')
        throw new CommandError('The master key is not in the database: there is nothing to move. See: ilearn key status');
      await standStill(database);
      const { master } = await storedKeys(database);
      const text = `${textOfKey(master as Buffer)}\n`;
      writeKeyFile(to, text);
      await forgetStoredKey(database);
      console.log(
        `${to} contains the master key; the database no longer does. Set SECRET_KEY_FILE to it before the portal starts, and keep a copy apart\n` +
          'from the dumps of the database. Dumps made before today contain the key too.',
      );
      return 0;
    },
  },
  rotate: {
    summary: 'Changes the key that you configure, while the portal runs: a new one opens it too; with --finish, it alone.',
    options: {
      to: {
        type: 'string',
        help: 'The new file for the new key; then set SECRET_KEY_FILE to it, and restart the processes one by one',
      },
      finish: { type: 'boolean', help: 'With the new key configured: the old ones no longer open the portal' },
    },
    run: async ({ database, key, options: { to, finish } }) => {
      if (key === undefined)
        throw new CommandError(
          'No master key is configured. If it is in the database, move it out first: ilearn key move --to <file>',
        );
      if (finish === true) {
        const gone = await keepOnlyKey(database, key);
        const others =
          gone === 0
            ? 'No other key opened this portal.'
            : `${gone} other ${gone === 1 ? 'key no longer opens' : 'keys no longer open'} this portal.`;
        console.log(`${others}\nArchives and dumps made before need the key of their time.`);
        return 0;
      }
      if (typeof to !== 'string') throw new CommandError('Give the new file: --to <file>, or --finish');
      await checkMasterKey(database, key);
      const added = randomBytes(32);
      writeKeyFile(to, `${textOfKey(added)}\n`);
      await addConfiguredKey(database, key, added);
      console.log(
        `${to} contains a new key; both open this portal now. Set SECRET_KEY_FILE to it, restart the processes one by one, then:\n` +
          '  ilearn key rotate --finish\nNothing is encrypted anew: whoever had the old key and a dump of the database can still read that dump.',
      );
      return 0;
    },
  },
  replace: {
    summary: 'Replaces a lost master key by the configured one, or a new one. Without --yes, only lists what becomes unusable.',
    options: { yes: { type: 'boolean', help: 'Replace it; what was encrypted with the old key can no longer be read' } },
    run: async ({ database, key, users, keepers, secretive, options: { yes } }) => {
      const which = key === undefined ? 'a new one, created and kept in the database' : 'the configured one';
      console.log(`The new master key is ${which}. What becomes unusable:`);
      console.log(`  what these plugins encrypted or signed with the old one: ${users.join(', ') || 'none'}`);
      if (keepers.length > 0)
        console.log(`  encrypted files of these plugins: ${keepers.join(', ')}; they can no longer be read`);
      if (secretive.length > 0) console.log(`  secret settings of these plugins, to be entered again: ${secretive.join(', ')}`);
      console.log(
        '  lti: its signing keys (new ones are made; tools fetch them by themselves), launches under way, the id of this platform',
      );
      console.log('  login: which devices it knows, and waits after wrong passwords');
      console.log('Accounts, passwords, sessions, learning paths, results and scores stay.');
      if (yes !== true) {
        console.log('Nothing was changed. If the old key can be found, configure it again instead. To replace it, add --yes.');
        return 0;
      }
      await standStill(database);
      await replaceMasterKey(database, key);
      console.log('Done. Start the portal.');
      return 0;
    },
  },
};

/** `ilearn key <command>`: manages the portal's master key. */
export async function keyCommand(argv: string[], root: string): Promise<number> {
  const [name = ''] = argv;
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined) {
    if (!['', '--help', '-h'].includes(name)) throw new CommandError(`There is no command "key ${name}". See: ilearn key --help`);
    const lines = Object.entries(subcommands).map(([each, { summary }]) => `  ${each.padEnd(10)}${summary}`);
    console.log(`Usage: ilearn key <command> [options]\n\n${lines.join('\n')}`);
    return 0;
  }
  const { options, help } = parseOptions(`key ${name}`, argv.slice(1), subcommand.options);
  if (help) {
    printUsage(`key ${name}`, subcommand.summary, undefined, subcommand.options);
    return 0;
  }
  const { settings, plugins, faults } = await readComposition(root);
  if (settings === null) throw new CompositionError(faults);
  const key = await configuredKey(settings);
  const home = await openHome(addressOf(settings));
  try {
    const users = plugins
      .filter(({ definition }) => definition.privileges?.includes('secrets'))
      .map(({ definition }) => definition.id);
    const keepers = plugins
      .filter(({ definition: { files = {} } }) => Object.values(files).some(({ encrypt }) => encrypt === true))
      .map(({ definition }) => definition.id);
    const secretive = plugins
      .filter(({ definition: { settings = {} } }) =>
        [settings.portal, settings.tenant]
          .flatMap((part) => Object.values(part?.shape ?? {}))
          .some((field) => (shapeOf(field as z.ZodType) as { kind?: string }).kind === 'secret'),
      )
      .map(({ definition }) => definition.id);
    return await subcommand.run({ database: home.pool, key, users, keepers, secretive, options });
  } finally {
    await home.close();
  }
}

/** Running processes keep the old key in memory and would continue to use it. */
async function standStill(database: Database): Promise<void> {
  const { rows } = await database.query<{ there: boolean }>(`select to_regclass('kernel.secrets') is not null as there`);
  if (rows[0]?.there !== true) throw new CommandError('There is no portal in this database yet: nothing to do.');
  const running = await liveProcesses(database as never);
  if (running.length === 0) return;
  const names = running.map((each) => each.name).join(', ');
  throw new CommandError(
    `The portal is running (${names}): stop it first. A process that was killed counts as running for 30 more seconds.`,
  );
}

function writeKeyFile(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true } as object);
    chmodSync(file, 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(`${file} cannot be written: ${code === 'EEXIST' ? 'it already exists' : message}.`);
  }
  if (readFileSync(file, 'utf8') === text) return;
  rmSync(file, { force: true });
  throw new MasterKeyError(`${file} does not contain what was written to it. Nothing was changed.\n→ Check its disk.`);
}
