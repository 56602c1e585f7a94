import type { Migration } from '@ilearn/core';

export const knowledgeMigrations: Migration[] = [];
