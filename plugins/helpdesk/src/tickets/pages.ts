import type { Page } from '@ilearn/core';

export const ticketsPages: Page[] = [];
