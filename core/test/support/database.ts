import { afterAll, beforeAll } from 'vitest';
import { startPostgres } from '../../scripts/postgres.mjs';

/** The suite's PostgreSQL server, or one of this test file's own; for tests that need one whatever the portal runs on. */
export async function serverForTests(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['ILEARN_POSTGRES'] || process.env['ILEARN_TEST_POSTGRES'];
  return given ? { url: given, stop: async () => {} } : startPostgres();
}

/**
 * For the head of a test file: `openTestHome` and `createTestPlatform` use a PostgreSQL server in its tests, also where the rest of the suite runs
 * on PGlite.
 *
 * @returns its address; known once the tests run
 */
export function onPostgres(): () => string {
  const before = process.env['ILEARN_TEST_POSTGRES'];
  let server: Awaited<ReturnType<typeof serverForTests>> | undefined;
  beforeAll(async () => {
    server = await serverForTests();
    process.env['ILEARN_TEST_POSTGRES'] = server.url;
  });
  afterAll(async () => {
    process.env['ILEARN_TEST_POSTGRES'] = before ?? '';
    await server?.stop();
  });
  return () => server?.url ?? '';
}
