import type { TableDeclaration } from '@ilearn/core';
import { knowledgeTables } from './knowledge/tables.js';
import { mailTables } from './mail/tables.js';
import { outagesTables } from './outages/tables.js';
import { serviceLevelsTables } from './service-levels/tables.js';
import { ticketsTables } from './tickets/tables.js';
import { wishesTables } from './wishes/tables.js';

export const tables: Record<string, TableDeclaration> = {
  ...ticketsTables,
  ...serviceLevelsTables,
  ...mailTables,
  ...knowledgeTables,
  ...outagesTables,
  ...wishesTables,
};
