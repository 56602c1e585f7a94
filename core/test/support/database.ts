import { startPostgres } from '../../scripts/postgres.mjs';

/** The suite's PostgreSQL server, or one of this test file's own; for tests that need one whatever the portal runs on. */
export async function serverForTests(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['ILEARN_POSTGRES'] || process.env['ILEARN_TEST_POSTGRES'];
  return given ? { url: given, stop: async () => {} } : startPostgres();
}
