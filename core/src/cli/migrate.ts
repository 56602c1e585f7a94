import { createLog } from '../foundation/log.js';
import { openPlatform } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';

/** Exit code 0 only if the database is up to date for every plugin. */
export async function migrateCommand(argv: string[], root: string): Promise<number> {
  const { help } = parseOptions('migrate', argv, {});
  if (help) {
    printUsage(
      'migrate',
      'Brings the database up to date, plugin by plugin; a migration that fails stores nothing.',
      undefined,
      {},
    );
    return 0;
  }
  const { platform } = await openPlatform(root, { log: createLog('silent'), databaseFirst: true });
  try {
    const { applied, newer } = await platform.migrate();
    for (const [plugin, names] of Object.entries(applied)) console.log(`${plugin}: ${names.join(', ')}`);
    for (const [plugin, names] of Object.entries(newer))
      console.log(`${plugin}: the database is newer and keeps ${names.join(', ')}`);
    if (Object.keys(applied).length === 0) console.log('The database is up to date.');
    return 0;
  } finally {
    await platform.stop();
  }
}
