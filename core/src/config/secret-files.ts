import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault } from '../foundation/diagnosis.js';

/** Variables with a secret. Each can be given in a file, named by the variable with `_FILE` appended. SECRET_KEY has rules of its own. */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'READ_DATABASE_URL',
  'REDIS_URL',
  'METRICS_TOKEN',
  'METRICS_TOKEN_PREVIOUS',
  'FILES_S3_ACCESS_KEY_ID',
  'FILES_S3_SECRET_ACCESS_KEY',
  'BACKUP_KEY',
  'BACKUP_DATABASE_URL',
  'TARGET_DATABASE_URL',
  'OTEL_EXPORTER_OTLP_HEADERS',
] as const;

/** The environment with the content of secret files, without the line break at their end. */
export function withSecretFiles(given: NodeJS.ProcessEnv, root: string): { environment: NodeJS.ProcessEnv; faults: Fault[] } {
  const environment = { ...given };
  const faults: Fault[] = [];
  for (const name of SECRET_VARIABLES) {
    const file = given[`${name}_FILE`];
    if (file === undefined || file === '') continue;
    const fault = (message: string, remedy: string) =>
      faults.push({ plugin: 'environment', where: `${name}_FILE`, message, remedy });
    if (given[name] !== undefined && given[name] !== '') {
      fault(`${name} and ${name}_FILE are both set.`, 'Keep one of them.');
      continue;
    }
    try {
      const text = readFileSync(resolve(root, file), 'utf8').replace(/\r?\n$/, '');
      if (text === '') fault(`The file of ${name}_FILE is empty: ${file}.`, 'Write the secret into it.');
      environment[name] = text;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      fault(
        `The file of ${name}_FILE cannot be read (${code}): ${file}.`,
        "Check that the file exists and that the portal's user may read it.",
      );
    }
  }
  return { environment, faults };
}
