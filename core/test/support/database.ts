import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startPostgres } from '../../scripts/postgres.mjs';

/** The suite's PostgreSQL server, or one of this test file's own; for tests that start portals as processes. */
export async function serverForTests(): Promise<{ url: string; stop(): Promise<void> }> {
  const { ILEARN_POSTGRES: given } = process.env;
  return given ? { url: given, stop: async () => {} } : startPostgres();
}

/** An empty database on it. */
export async function createDatabase(server: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `ilearn_test_${randomUUID().replaceAll('-', '')}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}
