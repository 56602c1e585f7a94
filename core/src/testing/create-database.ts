import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A database that a test made. */
export interface CreatedDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * Creates a database on a PostgreSQL server. The user in the address `server` needs the right to create databases.
 *
 * Copying files costs a third of what writing each page to the log does.
 *
 * @param template name of the database to copy, to which nobody may be connected; default: the server's empty one
 */
export async function createDatabase(server: string, template?: string): Promise<CreatedDatabase> {
  const name = `ilearn_test_${randomUUID().replaceAll('-', '')}`;
  await administer(server, `create database ${name}${template === undefined ? '' : ` template ${template} strategy file_copy`}`);
  return { url: addressOf(server, name), drop: () => administer(server, `drop database ${name} with (force)`) };
}

/** Runs one statement on the server's own database. */
export async function administer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
