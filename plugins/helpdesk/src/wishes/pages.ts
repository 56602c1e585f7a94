import type { Page } from '@ilearn/core';

export const wishesPages: Page[] = [];
