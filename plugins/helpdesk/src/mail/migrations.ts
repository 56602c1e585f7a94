import type { Migration } from '@ilearn/core';

export const mailMigrations: Migration[] = [];
