import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { parseRedisAddress } from '../config/redis-address.js';
import { S3Store } from '../files/s3-store.js';
import { failed, passed } from '../foundation/diagnosis.js';
import { type Check, messageOf } from './check.js';

const PATIENCE_MS = 5_000;

/** Checks that the data folder is writable, if it is used: by the embedded database, or by files while they are received and kept. */
export const checkDataFolder: Check = async ({ settings: { dataDir, databaseUrl }, keepsFiles }) => {
  if (databaseUrl !== undefined && !keepsFiles) return [];
  const file = join(dataDir, `.doctor-${randomUUID()}`);
  try {
    if (existsSync(dataDir)) {
      await writeFile(file, '');
      await rm(file);
    } else await access(existingAbove(dataDir), constants.W_OK);
    return [passed('', 'DATA_DIR can be written')];
  } catch (error) {
    return [
      failed(
        '',
        `DATA_DIR cannot be written: ${messageOf(error)}.`,
        `Give the portal's user the folder ${dataDir}, or set DATA_DIR to another.`,
      ),
    ];
  }
};

function existingAbove(folder: string): string {
  const above = dirname(folder);
  return existsSync(above) || above === folder ? above : existingAbove(above);
}

/** Checks that the S3 store is readable and clamd is listening, if they are configured. */
export const checkFiles: Check = async ({ settings: { files } }) => {
  const findings = [];
  if (files.s3 !== undefined) {
    const cause = await new S3Store(files.s3).check().then(() => null, messageOf);
    findings.push(
      cause === null
        ? passed('', 'the S3 file store answers')
        : failed(
            '',
            `The S3 file store cannot be read: ${cause}.`,
            'Check FILES_S3_ENDPOINT, the bucket, the region and the keys.',
          ),
    );
  }
  if (files.clamav !== undefined) {
    const cause = await whyUnreachable(files.clamav.host, files.clamav.port);
    findings.push(
      cause === null
        ? passed('', 'clamd answers')
        : failed(
            '',
            `clamd cannot be reached: ${cause}.`,
            'Check CLAMAV_HOST and that clamd runs; until then uploads are refused with 503.',
          ),
    );
  }
  return findings;
};

/** Checks that each host in REDIS_URL accepts connections. */
export const checkRedis: Check = async ({ settings: { redisUrl } }) => {
  if (redisUrl === undefined) return [];
  const unreachable = [];
  for (const { host, port } of parseRedisAddress(redisUrl).hosts) {
    const cause = await whyUnreachable(host, port);
    if (cause !== null) unreachable.push(`${host}:${port} (${cause})`);
  }
  if (unreachable.length === 0) return [passed('', 'Redis answers')];
  const remedy = 'Check REDIS_URL and that the server runs; until then events and jobs wait in the database.';
  return [failed('', `Redis cannot be reached: ${unreachable.join(', ')}.`, remedy)];
};

function whyUnreachable(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE_MS });
    const end = (cause: string | null) => {
      socket.destroy();
      resolve(cause);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error) => end(messageOf(error)));
  });
}

/** Checks that PUBLIC_URL leads to this portal. */
export const checkPublicUrl: Check = async ({ settings: { publicUrl } }) => {
  if (publicUrl === undefined) return [];
  const remedy = 'Check the name (DNS), the certificate and the reverse proxy, and that the portal runs.';
  try {
    const response = await fetch(`${publicUrl}/health/live`, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'manual' });
    const { status } = (await response.json()) as { status?: string };
    if (status === 'live') return [passed('', 'PUBLIC_URL leads to this portal')];
    return [failed('', `PUBLIC_URL ${publicUrl} is not answered by this portal.`, remedy)];
  } catch (error) {
    const { message, cause } = error as Error;
    return [
      failed('', `PUBLIC_URL ${publicUrl} cannot be reached: ${cause === undefined ? message : messageOf(cause)}.`, remedy),
    ];
  }
};
