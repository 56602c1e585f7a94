import type { Answer } from '@ilearn/core';
import type { deskRoutes } from '../desk-routes.js';

export type DeskList = Answer<typeof deskRoutes, 'GET', '/entries'>;
export type DeskEntry = DeskList['entries'][number];

/** What an administrator decides about an entry. */
export type Decision = 'offer' | 'retract' | 'decline' | 'restore' | 'merge' | 'erase' | 'principal';
