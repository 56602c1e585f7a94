import type { Page } from '@ilearn/core';

export const serviceLevelsPages: Page[] = [];
