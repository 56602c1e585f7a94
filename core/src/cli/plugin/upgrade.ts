import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { renamePurposes } from '../../authoring/upgrade/rename-purposes.js';
import { renameTenants } from '../../authoring/upgrade/rename-tenants.js';
import { CommandError } from '../../contract/work.js';
import { parseOptions, printUsage } from '../options.js';

/** Exit code 0, whether or not anything was changed. */
export async function runUpgrade(argv: string[], root: string): Promise<number> {
  const { args, help } = parseOptions('plugin upgrade', argv, {});
  if (help) {
    printUsage(
      'plugin upgrade',
      'Rewrites the sources of a plugin for this kernel where that can be done by rule.',
      '[folder]',
      {},
    );
    return 0;
  }
  const folder = resolve(root, args[0] ?? '.');
  if (!existsSync(join(folder, 'package.json'))) {
    throw new CommandError(`There is no package.json in ${folder}. Name the folder of a plugin.`);
  }
  const changed = [...renameTenants(folder), ...renamePurposes(folder)];
  for (const { file, line, before, after } of changed) console.log(`${file}:${line}\n- ${before}\n+ ${after}\n`);
  console.log(
    changed.length === 0
      ? 'Nothing to change.'
      : `${changed.length} lines changed. Read them (git diff), then let the compiler and the tests find what is left; docs/upgrade.md lists it.`,
  );
  return 0;
}
