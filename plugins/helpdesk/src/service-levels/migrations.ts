import type { Migration } from '@ilearn/core';

export const serviceLevelsMigrations: Migration[] = [];
