import { pino } from 'pino';
import type { Logger } from './contract/services.js';

export type KernelLogger = Logger & { child(fields: object): KernelLogger };

/**
 * One JSON object a line. Lines carry request ids, plugins, routes and codes: never names, addresses, payloads or SQL
 * parameters; PostgreSQL's `detail`, which repeats values, is dropped wherever an error passes.
 */
export function createLog(level: string, destination?: { write(line: string): void }): KernelLogger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['err.detail', 'err.where', '*.password', '*.token'],
  };
  return destination === undefined ? pino(options, pino.destination({ dest: 2, sync: true })) : pino(options, destination);
}
