import type { Page } from '@ilearn/core';

export const knowledgePages: Page[] = [];
