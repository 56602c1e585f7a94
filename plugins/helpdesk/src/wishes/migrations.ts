import type { Migration } from '@ilearn/core';

export const wishesMigrations: Migration[] = [];
