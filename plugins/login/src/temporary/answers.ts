import type { Answer } from '@ilearn/core';
import type { temporaryRoutes } from './routes.js';

export type TemporaryAccountList = Answer<typeof temporaryRoutes, 'GET', '/temporary-accounts'>;
export type TemporaryAccount = TemporaryAccountList['accounts'][number];
