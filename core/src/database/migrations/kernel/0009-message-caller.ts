import type { Migration } from '../../../contract/table.js';

/** Whose request a message goes back to, without telling who that is: it counts when handlers fail. */
export const messageCallerMigration: Migration = {
  name: '0009_message_caller',
  up: 'alter table kernel.messages add column caller text',
  down: 'alter table kernel.messages drop column caller',
};
