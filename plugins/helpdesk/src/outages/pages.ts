import type { Page } from '@ilearn/core';

export const outagesPages: Page[] = [];
