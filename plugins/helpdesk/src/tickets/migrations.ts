import type { Migration } from '@ilearn/core';

export const ticketsMigrations: Migration[] = [];
