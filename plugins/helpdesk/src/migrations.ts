import type { Migration } from '@ilearn/core';
import { knowledgeMigrations } from './knowledge/migrations.js';
import { mailMigrations } from './mail/migrations.js';
import { outagesMigrations } from './outages/migrations.js';
import { serviceLevelsMigrations } from './service-levels/migrations.js';
import { ticketsMigrations } from './tickets/migrations.js';
import { ticketWordsMigration } from './tickets/words-migration.js';
import { wishesMigrations } from './wishes/migrations.js';

/** In the order of their names: of tickets 0001 and on, service levels 0020, mail 0030, knowledge 0040, outages 0050, wishes 0060; later ones 0070 and on. */
export const migrations: Migration[] = [
  ...ticketsMigrations,
  ...serviceLevelsMigrations,
  ...mailMigrations,
  ...knowledgeMigrations,
  ...outagesMigrations,
  ...wishesMigrations,
  ticketWordsMigration,
  {
    name: '0080_tickets_of_a_line',
    up: `create index tickets_line on tickets (line, due_at, id)
      where state in ('new', 'open', 'waiting_requester', 'waiting_provider')`,
    down: 'drop index tickets_line',
  },
].sort((one, other) => one.name.localeCompare(other.name));
