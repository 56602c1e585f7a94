import type { TableDeclaration } from '@ilearn/core';

export const ticketsTables: Record<string, TableDeclaration> = {};
