import type { Migration } from '../../../contract/table.js';

/** Hash of the caller whose request caused a message; the circuit breaker counts failed handlers by it. */
export const messageCallerMigration: Migration = {
  name: '0009_message_caller',
  up: 'alter table kernel.messages add column caller text',
  down: 'alter table kernel.messages drop column caller',
};
