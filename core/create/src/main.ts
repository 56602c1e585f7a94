import { basename, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseModules, readRelease, USUAL } from './modules.js';
import { checkName, packageNameOf } from './names.js';
import { type Answers, ask, type Complete, type Terminal } from './questions.js';
import { UsageError } from './usage-error.js';
import { refuseUsedFolder, writePortal } from './write-portal.js';

const USAGE = `Creates an i-Learn portal.

Usage: npm create ilearn [folder] -- [options]

  --name <name>        Name of the portal
  --modules <list>     Its modules, separated by commas; what they require is added
  --yes                Ask nothing: take the usual answer for what is not given
  --tarballs <folder>  Folder with packed @ilearn packages, if no registry has them
`;

/**
 * `create-ilearn`: asks what is not given, and writes the folder of a portal.
 *
 * @param terminal where questions are asked; undefined if nobody can answer
 * @returns exit code: 0 done, 1 unexpected error, 2 a mistake in what was given
 */
export async function main(
  argv: string[],
  terminal: Terminal | undefined = process.stdin.isTTY ? { input: process.stdin, output: process.stdout } : undefined,
): Promise<number> {
  try {
    const given = readArguments(argv);
    if (given === null) {
      console.log(USAGE);
      return 0;
    }
    await create(given, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) {
      console.error((error as Error).stack ?? String(error));
      return 1;
    }
    if (error.message !== '') console.error(error.message);
    return 2;
  }
}

interface Given extends Answers {
  yes: boolean;
  tarballs: string | undefined;
}

/** Null: help is asked for. */
function readArguments(argv: string[]): Given | null {
  const options = {
    name: { type: 'string' },
    modules: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
    tarballs: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true; args: string[] }>>;
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return null;
  if (positionals.length > 1) throw new UsageError(`Give one folder, not ${positionals.length}.\n\n${USAGE}`);
  return {
    name: values.name === undefined ? undefined : checkName(values.name),
    folder: positionals[0],
    modules: values.modules
      ?.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
    yes: values.yes === true,
    tarballs: values.tarballs,
  };
}

async function create({ yes, tarballs, ...given }: Given, terminal: Terminal | undefined): Promise<void> {
  const release = readRelease();
  // Before the first question, so that nobody answers in vain.
  if (given.folder !== undefined) refuseUsedFolder(resolve(given.folder));
  if (given.modules !== undefined) chooseModules(release, given.modules);
  const { name, folder, modules: ids } = await complete(given, yes, release, terminal);
  const path = resolve(folder);
  const { modules, added } = chooseModules(release, ids);
  for (const { id, why } of added) console.log(`Added ${id}: ${why}.`);
  writePortal({ folder: path, name, modules, release, tarballs: tarballs === undefined ? null : resolve(tarballs) });
  const here = relative('.', path);
  console.log(
    `\nCreated ${path} with ${modules.map(({ id }) => id).join(', ')}.\n\n${here === '' ? '' : `  cd ${here}\n`}  npm install\n  npm start\n\nREADME.md there says how to create the first account.`,
  );
}

async function complete(
  given: Answers,
  yes: boolean,
  release: ReturnType<typeof readRelease>,
  terminal: Terminal | undefined,
): Promise<Complete> {
  if (!yes && Object.values(given).includes(undefined)) {
    if (terminal === undefined) {
      throw new UsageError(
        `Nobody can answer questions here, because the input is not a terminal.\nGive folder, --name and --modules, or take the usual answers with --yes.\n\n${USAGE}`,
      );
    }
    const { name, ...rest } = await ask(given, release, terminal);
    return { name: checkName(name), ...rest };
  }
  const name =
    given.name ?? checkName(given.folder === undefined ? 'i-Learn' : basename(resolve(given.folder)).replaceAll('_', '-'));
  return { name, folder: given.folder ?? packageNameOf(name), modules: given.modules ?? USUAL };
}
