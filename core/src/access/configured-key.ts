import { exec } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Settings } from '../config/settings.js';
import { MasterKeyError } from './master-key.js';

const COMMAND_MS = 10_000;
const LEAST = 32;
const LARGEST = 64 * 1024;

/**
 * The master key that the operator configures: in SECRET_KEY, in a file, or as the output of a command (for a key management service).
 * Messages repeat neither the key nor the command's output.
 *
 * @throws MasterKeyError
 */
export async function configuredKey({
  secretKey,
  secretKeyFile,
  secretKeyCommand,
}: Pick<Settings, 'secretKey' | 'secretKeyFile' | 'secretKeyCommand'>): Promise<Uint8Array | undefined> {
  if (secretKey !== undefined) return bytesOf(secretKey, 'SECRET_KEY');
  if (secretKeyFile !== undefined) return bytesOf(readKeyFile(secretKeyFile), 'SECRET_KEY_FILE');
  if (secretKeyCommand !== undefined) return bytesOf(await ask(secretKeyCommand), 'SECRET_KEY_COMMAND');
  return undefined;
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new MasterKeyError(
      `The file of SECRET_KEY_FILE cannot be read (${code}): ${file}.\n→ Check that the file exists and that the portal's user may read it.`,
    );
  }
}

async function ask(command: string): Promise<string> {
  try {
    return (await promisify(exec)(command, { timeout: COMMAND_MS, killSignal: 'SIGKILL', maxBuffer: LARGEST })).stdout;
  } catch (error) {
    const { code, killed } = error as { code?: number | string; killed?: boolean };
    const how = killed === true ? `did not end within ${COMMAND_MS / 1_000} seconds` : `failed (${code ?? 'it was killed'})`;
    throw new MasterKeyError(
      `SECRET_KEY_COMMAND ${how}.\n→ Run it by hand as the portal's user; it must print the key on standard output and exit with code 0.`,
    );
  }
}

/**
 * The bytes of a key as text. Strips the line break that editors and commands append.
 *
 * @throws MasterKeyError if it is too short
 */
export function bytesOf(text: string, source: string): Uint8Array {
  const key = text.replace(/\r?\n$/, '');
  const bytes = key.startsWith('base64:') ? Buffer.from(key.slice(7), 'base64') : Buffer.from(key, 'utf8');
  if (bytes.length >= LEAST) return bytes;
  throw new MasterKeyError(
    `The key of ${source} is too short: it needs at least ${LEAST} characters, or base64: and at least ${LEAST} bytes.\n` +
      '→ Use the existing key of the portal; for a new portal, generate one: openssl rand -base64 32',
  );
}
