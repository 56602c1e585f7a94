import { pino } from 'pino';
import type { Logger } from '../contract/services.js';
import { readableLine } from './log-lines.js';

export type KernelLogger = Logger & { child(fields: object): KernelLogger };

/**
 * Writes one JSON object per line; on a terminal, readable lines. Lines contain request ids, plugins, routes and codes, but never names,
 * addresses, payloads or SQL parameters. PostgreSQL's `detail`, which repeats values, is removed from every error.
 */
export function createLog(level: string, destination?: { write(line: string): void }): KernelLogger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['err.detail', 'err.where', '*.password', '*.token'],
  };
  if (destination !== undefined) return pino(options, destination);
  if (process.stderr.isTTY) return pino(options, { write: (line: string) => process.stderr.write(readableLine(line)) });
  return pino(options, pino.destination({ dest: 2, sync: true }));
}

/** The parts of an error that may be logged. PostgreSQL's data exceptions (class 22) quote the faulty value, which may be personal data. */
export function describeError(error: unknown): { message: string; code: string | undefined; stack: string | undefined } {
  const { message = String(error), stack, code } = (error ?? {}) as Partial<Error & { code: string }>;
  const clean = (text: string) => (String(code).startsWith('22') ? text.replace(/(: |value )"[\s\S]*"/, '$1"…"') : text);
  return { message: clean(message), code, stack: stack === undefined ? undefined : clean(stack) };
}

/** What the reader of a failure can do about it. */
export function remedyOf(error: unknown): string {
  const { code, remedy } = (error ?? {}) as { code?: unknown; remedy?: unknown };
  if (typeof remedy === 'string') return remedy;
  if (code === '42501') {
    return 'It accesses what another plugin owns: require that plugin, and use its exported services and views.';
  }
  if (code === '25P03') {
    return 'While its unit of work is open, the plugin may wait only for the database: call other services before or after it.';
  }
  if (code === '25006') {
    return 'A GET may not change anything: make the route a POST, or describe under changes what it must store.';
  }
  return 'Fix the plugin at the line in the stack trace; nothing was stored.';
}
