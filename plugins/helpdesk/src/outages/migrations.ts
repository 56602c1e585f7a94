import type { Migration } from '@ilearn/core';

export const outagesMigrations: Migration[] = [];
