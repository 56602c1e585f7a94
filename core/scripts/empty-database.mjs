// Writes the empty database that portals and tests without a PostgreSQL server begin with, unless it is there.
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { emptyDatabaseFile } from '../dist/database/homes/empty-database.js';

const file = emptyDatabaseFile();
if (!existsSync(file)) {
  const folder = dirname(file);
  for (const old of readdirSync(folder).filter((name) => name.startsWith('empty-database-'))) rmSync(join(folder, old));
  const pglite = await PGlite.create();
  const dump = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await pglite.close();
  const draft = `${file}.draft`;
  writeFileSync(draft, gzipSync(dump, { level: 9 }));
  renameSync(draft, file);
  console.log(`✓ ${basename(file)} made`);
}
