import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginDefinition } from '@ilearn/core';
import type { openTestHome } from '@ilearn/core/testing';
import type { Settings } from '../../dist/config/settings.js';
import { createLog } from '../../dist/foundation/log.js';
import { Platform, type ProcessRole } from '../../dist/platform/platform.js';

export type TestHome = Awaited<ReturnType<typeof openTestHome>>;

/** A portal of these plugins on a database that the test keeps; nothing is started. */
export function portalOn(
  home: TestHome,
  definitions: PluginDefinition[],
  {
    log = [] as string[],
    config = {} as Record<string, unknown>,
    settings = {} as Partial<Settings>,
    only = undefined as ProcessRole | undefined,
    required = 'all' as readonly string[] | 'all',
  } = {},
) {
  return new Platform({
    settings: {
      port: 0,
      host: '127.0.0.1',
      publicUrl: undefined,
      dataDir: tmpdir(),
      databaseUrl: undefined,
      databaseConnections: 5,
      rolePrefix: 'ilearn',
      redisUrl: undefined,
      workerConcurrency: 4,
      secretKey: undefined,
      metricsToken: undefined,
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
      apiDocs: 'signed-in',
      outgoingPrivate: [],
      files: { folder: join(tmpdir(), 'ilearn-test-files'), quotaBytes: 1024 ** 4 },
      trustProxy: false,
      auditMonths: 12,
      pluginStartSeconds: 30,
      lockSeconds: 2,
      requestStatementSeconds: 30,
      jobStatementSeconds: 600,
      stopDelaySeconds: 0,
      logLevel: 'info',
      ...settings,
    },
    plugins: definitions.map((definition) => ({
      definition,
      origin: `@test/${definition.id}`,
      rawConfig: config[definition.id],
    })),
    required,
    home,
    uiFolder: null,
    only,
    log: createLog('info', { write: (line) => void log.push(line) }),
  });
}

export const migrateOn = (home: TestHome, definitions: PluginDefinition[], options?: { rehearse?: boolean }) =>
  portalOn(home, definitions).migrate(options);

/** Its fault report, as the operator reads it; fails when there is none. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const outcome = await attempt.then(
    () => null,
    (error: Error) => error,
  );
  if (outcome === null) throw new Error('it was not refused');
  return outcome.message;
}

/** Rows of the first column, as the user that connected. */
export async function column(home: TestHome, sql: string): Promise<unknown[]> {
  const { rows } = await home.pool.query({ text: sql, rowMode: 'array' });
  return rows.map(([first]: unknown[]) => first);
}
