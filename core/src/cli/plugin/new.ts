import { relative, resolve } from 'node:path';
import { writePlugin } from '../../authoring/new/write-plugin.js';
import { CommandError } from '../../contract/work.js';
import { parseOptions, printUsage } from '../options.js';

const options = {
  in: { type: 'string', help: 'Folder in which ilearn-plugin-<id> is created (the current one)' },
  bare: { type: 'boolean', help: 'With one route, one page and one test, without the example' },
  licence: { type: 'string', help: 'SPDX expression of its licence (Apache-2.0)' },
  tarballs: { type: 'string', help: 'Folder with packed @ilearn/core and @ilearn/ui, if no registry has them' },
} as const;

export async function runNew(argv: string[], root: string): Promise<number> {
  const { args, options: given, help } = parseOptions('plugin new', argv, options);
  if (help) {
    printUsage(
      'plugin new',
      'Creates a plugin with table, migration, service, route, job, page, messages and tests.',
      '<id>',
      options,
    );
    return 0;
  }
  const [id, ...more] = args;
  if (id === undefined || more.length > 0)
    throw new CommandError('Give one id: lower-case words joined by hyphens, such as "notice-board".');
  const text = (name: keyof typeof options): string | undefined => given[name] as string | undefined;
  const tarballs = text('tarballs');
  const folder = writePlugin({
    id,
    parent: resolve(root, text('in') ?? '.'),
    bare: given.bare === true,
    licence: text('licence') ?? 'Apache-2.0',
    tarballs: tarballs === undefined ? null : resolve(root, tarballs),
  });
  console.log(
    `Created ${folder}\n\n  cd ${relative(root, folder) || '.'}\n  npm install\n  npm test\n\nsrc/index.ts shows what it adds; continue with node_modules/@ilearn/core/docs/guide.md.`,
  );
  return 0;
}
