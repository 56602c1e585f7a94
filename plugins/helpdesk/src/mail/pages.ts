import type { Page } from '@ilearn/core';

export const mailPages: Page[] = [];
