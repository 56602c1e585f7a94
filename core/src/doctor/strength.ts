import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { configuredKey } from '../access/configured-key.js';
import { ageOfKey } from '../access/master-key.js';
import { parseRedisAddress } from '../config/redis-address.js';
import { SECRET_VARIABLES } from '../config/secret-files.js';
import type { Settings } from '../config/settings.js';
import { weaknessOfKey, weaknessOfPassword } from '../config/weak-secrets.js';
import { addressOf, type DatabaseHome, openHome } from '../database/homes/home.js';
import { type Finding, weak } from '../foundation/diagnosis.js';
import type { Check } from './check.js';

/** Secrets should be replaced within this time. */
const OLD_DAYS = 730;
const DAY_MS = 86_400_000;
/** Connections of a process besides DATABASE_CONNECTIONS: health checks, and notifications. */
const ASIDE = 2;
/** Connections left for backups and administrators. */
const SPARE = 10;

const isHere = (host: string): boolean => ['', 'localhost', '127.0.0.1', '::1', '[::1]'].includes(host) || host.startsWith('/');

/** What works, but should not be so in production: secrets that can be guessed or read, and connections in clear. */
export const checkSecrets: Check = async ({ root, settings }) => {
  const { secretKey, secretKeyFile, secretKeyCommand, publicUrl, backupKey, files, redisUrl, trustProxy } = settings;
  const found: Finding[] = [];
  const note = (message: string, remedy: string) => found.push(weak(message, remedy));
  if (publicUrl === undefined || (publicUrl.startsWith('http:') && !isHere(new URL(publicUrl).hostname)))
    note('PUBLIC_URL is not an https address.', 'Put a proxy with TLS in front, and set PUBLIC_URL to its address.');
  if (publicUrl?.startsWith('https:') && !trustProxy)
    note(
      'TRUST_PROXY is not set, so every request seems to come from the proxy.',
      'Set TRUST_PROXY=true behind the proxy with TLS.',
    );
  if (secretKey === undefined && secretKeyFile === undefined && secretKeyCommand === undefined)
    note(
      'The master key is in the database, and in each of its dumps.',
      'Move it out: ilearn key move --to <file>, then set SECRET_KEY_FILE.',
    );
  const { metricsToken, previousMetricsToken } = settings;
  const tokens = { METRICS_TOKEN: metricsToken, METRICS_TOKEN_PREVIOUS: previousMetricsToken };
  const keys = { SECRET_KEY: secretKey, ...tokens, BACKUP_KEY: backupKey };
  for (const [name, value] of Object.entries(keys)) {
    const why = value === undefined ? null : weaknessOfKey(value);
    if (why !== null) note(`${name} can be guessed: ${why}.`, 'Generate one: openssl rand -base64 32');
  }
  if (backupKey !== undefined && backupKey === secretKey)
    note('BACKUP_KEY is the master key: who gets it reads portal and archives.', 'Generate another for archives.');
  if (files.s3 !== undefined) {
    const why = weaknessOfPassword(files.s3.secretAccessKey, files.s3.accessKeyId);
    if (why !== null) note(`FILES_S3_SECRET_ACCESS_KEY can be guessed: ${why}.`, 'Let the store make another key.');
    if (files.s3.endpoint.startsWith('http:') && !isHere(new URL(files.s3.endpoint).hostname))
      note('FILES_S3_ENDPOINT is not an https address: files pass the network in clear.', 'Use https.');
  }
  found.push(...redisFindings(redisUrl), ...addressFindings(settings), ...fileFindings(root, settings));
  return found;
};

function redisFindings(redisUrl: string | undefined): Finding[] {
  if (redisUrl === undefined) return [];
  const away = parseRedisAddress(redisUrl).hosts.filter(({ host }) => !isHere(host));
  if (away.length === 0 || /^[a-z-]+:\/\/[^@/]*:[^@/]+@/.test(redisUrl)) return [];
  return [weak('Redis has no password.', 'Set one (requirepass or an ACL), unless only the portal can reach it.')];
}

function addressFindings({ databaseUrl, readDatabaseUrl, backupDatabaseUrl }: Settings): Finding[] {
  const found: Finding[] = [];
  const addresses = { DATABASE_URL: databaseUrl, READ_DATABASE_URL: readDatabaseUrl, BACKUP_DATABASE_URL: backupDatabaseUrl };
  for (const [name, text] of Object.entries(addresses)) {
    if (text === undefined || !URL.canParse(text)) continue;
    const url = new URL(text);
    // Without a password the server decides by certificate, socket or network.
    const why =
      url.password === '' ? null : weaknessOfPassword(decodeURIComponent(url.password), decodeURIComponent(url.username));
    if (why !== null) found.push(weak(`The password in ${name} is weak: ${why}.`, 'Generate one: openssl rand -hex 24'));
    if (!isHere(url.hostname) && !/^(require|verify-ca|verify-full)$/.test(url.searchParams.get('sslmode') ?? ''))
      found.push(
        weak(
          `${name} has no sslmode: rows may pass the network in clear.`,
          'Add ?sslmode=verify-full, unless the network between is yours alone.',
        ),
      );
  }
  return found;
}

/** Secret files that every user of the machine may read, or that are old. Those that an orchestrator mounts are in a place of their own. */
function fileFindings(root: string, { secretKeyFile }: Settings): Finding[] {
  const named = SECRET_VARIABLES.map((name) => [`${name}_FILE`, process.env[`${name}_FILE`]] as const);
  const files = [...named, ['SECRET_KEY_FILE', secretKeyFile] as const];
  return files.flatMap(([name, file]) => {
    if (file === undefined || file === '' || file.startsWith('/run/secrets/')) return [];
    const found = statSync(resolve(root, file), { throwIfNoEntry: false });
    if (found === undefined) return [];
    const readable = process.platform !== 'win32' && (found.mode & 0o004) !== 0;
    // The same clock wrote both.
    const age = Math.floor((performance.timeOrigin - found.mtimeMs) / DAY_MS);
    const how = 'See "Replacing keys and passwords" in docs/operating.md.';
    return [
      ...(readable ? [weak(`Every user of this machine can read the file of ${name}.`, `chmod 600 ${file}`)] : []),
      // The age of the master key is known from the database.
      ...(age > OLD_DAYS && name !== 'SECRET_KEY_FILE'
        ? [weak(`The secret in the file of ${name} is ${age} days old.`, how)]
        : []),
    ];
  });
}

/** What is weak about the server of DATABASE_URL. */
export const checkServer: Check = async ({ settings }) => {
  if (settings.databaseUrl === undefined)
    return [
      weak(
        'The embedded database runs without fsync: a crash of the machine can damage it.',
        'Use a PostgreSQL server for data that matter: ilearn move. Or make archives often.',
      ),
    ];
  // The check of the database says why it cannot be opened.
  const home = await openHome(addressOf(settings)).catch(() => null);
  if (home === null) return [];
  try {
    return await serverFindings(home, settings);
  } finally {
    await home.close();
  }
};

async function serverFindings({ pool }: DatabaseHome, settings: Settings): Promise<Finding[]> {
  const { rows } = await pool.query<{ name: string; all: boolean; checksums: boolean; most: number; portal: boolean }>(
    `select current_user::text as name, rolsuper or rolbypassrls as all, current_setting('data_checksums') = 'on' as checksums,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
       to_regclass('kernel.processes') is not null as portal from pg_roles where rolname = current_user`,
  );
  const server = rows[0];
  if (server === undefined) return [];
  const found: Finding[] = [];
  const note = (message: string, remedy: string) => found.push(weak(message, remedy));
  if (server.all)
    note(
      `The database user "${server.name}" is not subject to row-level security, which keeps schools apart.`,
      `Use a user of its own: create role portal login createrole; it owns the portal's database and nothing else.`,
    );
  if (!server.checksums)
    note('The server keeps no checksums of pages, so damage is noticed late.', 'Stop it and run pg_checksums --enable.');
  const live = server.portal
    ? await pool.query<{ n: number }>(
        `select count(*)::int as n from kernel.processes where seen_at > now() - interval '30 seconds'`,
      )
    : null;
  // During an upgrade one more process runs.
  const { databaseConnections } = settings;
  const processes = (live?.rows[0]?.n ?? 0) + 1;
  const needed = processes * (databaseConnections + ASIDE) + SPARE;
  if (needed > server.most)
    note(
      `${processes} processes may need ${needed} connections (DATABASE_CONNECTIONS + ${ASIDE} each, and ${SPARE} to spare); the server has ${server.most}.`,
      'Raise max_connections, or lower DATABASE_CONNECTIONS.',
    );
  return [...found, ...(await keyFindings(pool, settings))];
}

/** A configured master key that is old, or whose rotation was not finished. */
async function keyFindings(pool: DatabaseHome['pool'], settings: Settings): Promise<Finding[]> {
  // What is wrong with it is told by the check of the database.
  const key = await configuredKey(settings).catch(() => undefined);
  if (key === undefined) return [];
  const { since, keys } = await ageOfKey(pool, key);
  const age = since?.days ?? 0;
  return [
    ...(age > OLD_DAYS ? [weak(`The master key is ${age} days old.`, 'ilearn key rotate --to <file>')] : []),
    ...(keys > 1
      ? [weak(`${keys} master keys open this portal.`, 'Once every process has the new one: ilearn key rotate --finish')]
      : []),
  ];
}
