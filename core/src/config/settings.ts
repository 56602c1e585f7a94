import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Fault } from '../foundation/diagnosis.js';
import { parseRedisAddress } from './redis-address.js';
import { withSecretFiles } from './secret-files.js';
import { type TelemetrySettings, telemetryOf, telemetryVariables } from './telemetry-settings.js';
import { weaknessOfKey } from './weak-secrets.js';

const optional = (value: unknown) => (value === '' ? undefined : value);
const USUAL_CONCURRENCY = 4;
const flag = z
  .preprocess(optional, z.enum(['true', 'false', '1', '0']).default('false'))
  .transform((value) => value === 'true' || value === '1');

function isHostOrRange(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  if (family === 0) return bits === undefined && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) && !/^[\d.]+$/.test(text);
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

export const LIVE_CONNECTIONS = 20_000;

const databaseUrl = z.preprocess(
  optional,
  z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is not an address such as postgresql://user:password@host/database')
    .optional(),
);

const variables = z.object({
  PORT: z.preprocess(optional, z.coerce.number().int().min(0).max(65_535).default(3000)),
  HOST: z.preprocess(optional, z.string().optional()),
  PUBLIC_URL: z.preprocess(
    optional,
    z
      .url({ protocol: /^https?$/, error: 'is not an http(s) address such as https://ilearn.example.be' })
      .refine((url) => new URL(url).pathname === '/', 'must not have a path: the portal is served at the root of its host')
      .optional(),
  ),
  DATA_DIR: z.preprocess(optional, z.string().default('data')),
  DATABASE_URL: databaseUrl,
  DATABASE_CONNECTIONS: z.preprocess(optional, z.coerce.number().int().min(2).max(500).default(10)),
  READ_DATABASE_URL: databaseUrl,
  DATABASE_ROLE_PREFIX: z.preprocess(
    optional,
    z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,14}$/, 'must be at most 15 lower-case letters, digits and underscores')
      .default('ilearn'),
  ),
  REDIS_URL: z.preprocess(
    optional,
    z
      .string()
      .superRefine((address, context) => {
        try {
          parseRedisAddress(address);
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message });
        }
      })
      .optional(),
  ),
  WORKER_CONCURRENCY: z.preprocess(optional, z.coerce.number().int().min(1).max(400).optional()),
  SECRET_KEY: z.preprocess(optional, z.string().min(32, 'needs at least 32 characters').optional()),
  SECRET_KEY_FILE: z.preprocess(optional, z.string().optional()),
  SECRET_KEY_COMMAND: z.preprocess(optional, z.string().optional()),
  BACKUP_KEY: z.preprocess(optional, z.string().min(32, 'needs at least 32 characters').optional()),
  BACKUP_DATABASE_URL: databaseUrl,
  TARGET_DATABASE_URL: databaseUrl,
  METRICS_TOKEN: z.preprocess(optional, z.string().min(16, 'needs at least 16 characters').optional()),
  METRICS_TOKEN_PREVIOUS: z.preprocess(optional, z.string().min(16, 'needs at least 16 characters').optional()),
  METRICS_PORT: z.preprocess(optional, z.coerce.number().int().min(0).max(65_535).optional()),
  METRICS_HOST: z.preprocess(optional, z.string().default('127.0.0.1')),
  API_DOCS: z.preprocess(optional, z.enum(['signed-in', 'public']).default('signed-in')),
  OUTGOING_PRIVATE: z
    .preprocess(optional, z.string().default(''))
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .refine((list) => list.every(isHostOrRange), 'is not a list of host names and ranges such as tools.school.lan,10.1.0.0/16'),
  FILES_S3_ENDPOINT: z.preprocess(
    optional,
    z.url({ protocol: /^https?$/, error: 'is not an http(s) address such as https://s3.example.be' }).optional(),
  ),
  FILES_S3_BUCKET: z.preprocess(
    optional,
    z
      .string()
      .regex(/^[a-z0-9.-]{3,63}$/, 'is not the name of a bucket')
      .optional(),
  ),
  FILES_S3_REGION: z.preprocess(optional, z.string().default('us-east-1')),
  FILES_S3_PREFIX: z.preprocess(
    optional,
    z
      .string()
      .regex(/^[\w./-]*$/, 'must consist of letters, digits, - _ . and /')
      .default(''),
  ),
  FILES_S3_ACCESS_KEY_ID: z.preprocess(optional, z.string().optional()),
  FILES_S3_SECRET_ACCESS_KEY: z.preprocess(optional, z.string().optional()),
  FILES_QUOTA_MB: z.preprocess(optional, z.coerce.number().int().min(1).max(100_000_000).default(20_480)),
  CLAMAV_HOST: z.preprocess(
    optional,
    z
      .string()
      .regex(/^[a-z0-9.-]+(:\d{1,5})?$/i, 'is not a host such as clamav.lan or clamav.lan:3310')
      .optional(),
  ),
  TRUST_PROXY: flag,
  AUDIT_MONTHS: z.preprocess(optional, z.coerce.number().int().min(1).max(120).default(12)),
  LIVE_CONNECTIONS: z.preprocess(optional, z.coerce.number().int().min(1).max(1_000_000).default(LIVE_CONNECTIONS)),
  PLUGIN_START_SECONDS: z.preprocess(optional, z.coerce.number().int().min(1).max(3_600).default(30)),
  LOCK_SECONDS: z.preprocess(optional, z.coerce.number().int().min(1).max(60).default(2)),
  REQUEST_STATEMENT_SECONDS: z.preprocess(optional, z.coerce.number().int().min(1).max(3_600).default(30)),
  JOB_STATEMENT_SECONDS: z.preprocess(optional, z.coerce.number().int().min(1).max(86_400).default(600)),
  SLOW_STATEMENT_MS: z.preprocess(optional, z.coerce.number().int().min(0).max(600_000).default(1_000)),
  STOP_DELAY_SECONDS: z.preprocess(optional, z.coerce.number().int().min(0).max(300).default(0)),
  ...telemetryVariables,
  LOG_LEVEL: z.preprocess(optional, z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional()),
});

const s3Needs = ['FILES_S3_BUCKET', 'FILES_S3_ACCESS_KEY_ID', 'FILES_S3_SECRET_ACCESS_KEY'] as const;
const keySources = ['SECRET_KEY', 'SECRET_KEY_FILE', 'SECRET_KEY_COMMAND'] as const;

/** Every running handler holds a connection; some must be left for requests. */
const schema = variables
  .refine(({ WORKER_CONCURRENCY = 1, DATABASE_CONNECTIONS }) => WORKER_CONCURRENCY < DATABASE_CONNECTIONS, {
    path: ['WORKER_CONCURRENCY'],
    error: 'must be less than DATABASE_CONNECTIONS: each running handler uses a connection',
  })
  .refine((data) => data.READ_DATABASE_URL === undefined || data.DATABASE_URL !== undefined, {
    path: ['READ_DATABASE_URL'],
    error: 'needs DATABASE_URL, the server of which it names a replica',
  })
  .refine((data) => keySources.filter((name) => data[name] !== undefined).length <= 1, {
    path: ['SECRET_KEY'],
    error: 'must be given in one way only: as SECRET_KEY, SECRET_KEY_FILE or SECRET_KEY_COMMAND',
  })
  .refine((data) => data.FILES_S3_ENDPOINT === undefined || s3Needs.every((name) => data[name] !== undefined), {
    path: ['FILES_S3_ENDPOINT'],
    error: 'also needs FILES_S3_BUCKET, FILES_S3_ACCESS_KEY_ID and FILES_S3_SECRET_ACCESS_KEY',
  });

/** What a process does: answer requests, or run jobs and event handlers. */
export type ProcessRole = 'web' | 'worker';

/** The S3 store of files. */
export interface S3Settings {
  endpoint: string;
  region: string;
  bucket: string;
  /** Prefix of every key: empty, or ending in `/`. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface FileSettings {
  /** Holds the files, unless there is an S3 store, and uploads that are being received. */
  folder: string;
  s3?: S3Settings | undefined;
  /** Maximum total size of the files of one tenant, in bytes. */
  quotaBytes: number;
  /** The clamd that scans every upload. */
  clamav?: { host: string; port: number } | undefined;
}

/** The operator's settings from environment variables; docs/operating.md describes each. */
export interface Settings {
  port: number;
  host: string | undefined;
  publicUrl: string | undefined;
  dataDir: string;
  databaseUrl: string | undefined;
  databaseConnections: number;
  /** A physical replica of the database, for routes whose answers may be a few seconds old. */
  readDatabaseUrl?: string | undefined;
  rolePrefix: string;
  /** Undefined: jobs run on the database. */
  redisUrl: string | undefined;
  /** Maximum number of handlers running at the same time in a process; always one on the embedded database. */
  workerConcurrency: number;
  secretKey: string | undefined;
  /** Other sources of the master key. */
  secretKeyFile?: string | undefined;
  secretKeyCommand?: string | undefined;
  /** Encrypts archives of `ilearn backup`. */
  backupKey?: string | undefined;
  /** The database as a user who may read all rows; for `ilearn backup` and `ilearn move`. */
  backupDatabaseUrl?: string | undefined;
  /** The PostgreSQL database to which `ilearn move` takes the portal. */
  targetDatabaseUrl?: string | undefined;
  metricsToken: string | undefined;
  /** Still accepted while monitors change to the new one. */
  previousMetricsToken?: string | undefined;
  /** Port for metrics and details of readiness, separate from the portal's own; undefined: none. */
  metricsPort: number | undefined;
  metricsHost: string;
  /** Who may read the description of the API. */
  apiDocs: 'signed-in' | 'public';
  /** Hosts and address ranges that the portal may call although they are private. */
  outgoingPrivate: readonly string[];
  trustProxy: boolean;
  files: FileSettings;
  /** Number of months that the audit log is kept, not counting the current one. */
  auditMonths: number;
  /** Maximum number of streams of live messages (GET /live) of a process; default {@link LIVE_CONNECTIONS}. */
  liveConnections?: number;
  /** Time limit of a plugin's `start`. */
  pluginStartSeconds: number;
  /** Maximum wait of a request for a lock in the database. */
  lockSeconds: number;
  /** Time limit of one statement. */
  requestStatementSeconds: number;
  jobStatementSeconds: number;
  /** From when on a statement is logged as slow, in milliseconds; undefined: never. */
  slowStatementMs?: number | undefined;
  /** How long a stopping portal reports this at /health/ready before it refuses new connections. */
  stopDelaySeconds: number;
  /** Undefined: no spans and metrics are sent. */
  telemetry?: TelemetrySettings | undefined;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Reads the environment and reports all faults at once. Messages do not repeat values, because some are secrets. */
export function readSettings(given: NodeJS.ProcessEnv, root: string): { settings: Settings | null; faults: Fault[] } {
  const { environment, faults: ofFiles } = withSecretFiles(given, root);
  const parsed = schema.safeParse(environment);
  if (!parsed.success || ofFiles.length > 0) {
    const faults = (parsed.error?.issues ?? []).map(({ path, message }) => ({
      plugin: 'environment',
      where: String(path[0]),
      message: `${String(path[0])} ${message.replace(/^Invalid input: /, 'is wrong: ')}`,
      remedy: `Correct the environment variable ${String(path[0])}, or remove it.`,
    }));
    return { settings: null, faults: [...ofFiles, ...faults] };
  }
  const { data } = parsed;
  const guessed = environment['NODE_ENV'] === 'production' ? guessable(data) : [];
  if (guessed.length > 0) return { settings: null, faults: guessed };
  const settings: Settings = {
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.PUBLIC_URL === undefined ? undefined : new URL(data.PUBLIC_URL).origin,
    dataDir: resolve(root, data.DATA_DIR),
    databaseUrl: data.DATABASE_URL,
    databaseConnections: data.DATABASE_CONNECTIONS,
    readDatabaseUrl: data.READ_DATABASE_URL,
    rolePrefix: data.DATABASE_ROLE_PREFIX,
    redisUrl: data.REDIS_URL,
    workerConcurrency: data.WORKER_CONCURRENCY ?? Math.min(USUAL_CONCURRENCY, data.DATABASE_CONNECTIONS - 1),
    secretKey: data.SECRET_KEY,
    secretKeyFile: data.SECRET_KEY_FILE === undefined ? undefined : resolve(root, data.SECRET_KEY_FILE),
    secretKeyCommand: data.SECRET_KEY_COMMAND,
    backupKey: data.BACKUP_KEY,
    backupDatabaseUrl: data.BACKUP_DATABASE_URL,
    targetDatabaseUrl: data.TARGET_DATABASE_URL,
    metricsToken: data.METRICS_TOKEN,
    previousMetricsToken: data.METRICS_TOKEN_PREVIOUS,
    metricsPort: data.METRICS_PORT,
    metricsHost: data.METRICS_HOST,
    apiDocs: data.API_DOCS,
    outgoingPrivate: data.OUTGOING_PRIVATE,
    files: filesOf(data, resolve(root, data.DATA_DIR)),
    trustProxy: data.TRUST_PROXY,
    auditMonths: data.AUDIT_MONTHS,
    liveConnections: data.LIVE_CONNECTIONS,
    pluginStartSeconds: data.PLUGIN_START_SECONDS,
    lockSeconds: data.LOCK_SECONDS,
    requestStatementSeconds: data.REQUEST_STATEMENT_SECONDS,
    jobStatementSeconds: data.JOB_STATEMENT_SECONDS,
    slowStatementMs: data.SLOW_STATEMENT_MS === 0 ? undefined : data.SLOW_STATEMENT_MS,
    stopDelaySeconds: data.STOP_DELAY_SECONDS,
    telemetry: telemetryOf(data),
    // A terminal user reads what the portal announces; a log collector should get every request.
    logLevel: data.LOG_LEVEL ?? (process.stderr.isTTY ? 'warn' : 'info'),
  };
  return { settings, faults: [] };
}

/** Keys that nobody generated, which are refused in production. */
const guessable = (data: z.output<typeof schema>): Fault[] =>
  (['SECRET_KEY', 'METRICS_TOKEN', 'METRICS_TOKEN_PREVIOUS', 'BACKUP_KEY'] as const).flatMap((name) => {
    const why = data[name] === undefined ? null : weaknessOfKey(data[name]);
    const remedy = 'Generate one: openssl rand -base64 32';
    return why === null ? [] : [{ plugin: 'environment', where: name, message: `${name} can be guessed: ${why}.`, remedy }];
  });

function filesOf(data: z.output<typeof schema>, dataDir: string): FileSettings {
  const [host = '', port = '3310'] = (data.CLAMAV_HOST ?? '').split(':');
  return {
    folder: join(dataDir, 'files'),
    s3:
      data.FILES_S3_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: data.FILES_S3_ENDPOINT.replace(/\/+$/, ''),
            region: data.FILES_S3_REGION,
            bucket: data.FILES_S3_BUCKET ?? '',
            prefix: data.FILES_S3_PREFIX.replace(/^\/+|\/+$/g, '').replace(/(.)$/, '$1/'),
            accessKeyId: data.FILES_S3_ACCESS_KEY_ID ?? '',
            secretAccessKey: data.FILES_S3_SECRET_ACCESS_KEY ?? '',
          },
    quotaBytes: data.FILES_QUOTA_MB * 1024 * 1024,
    clamav: host === '' ? undefined : { host, port: Number(port) },
  };
}
