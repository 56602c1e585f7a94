import type { TableDeclaration } from '@ilearn/core';

export const wishesTables: Record<string, TableDeclaration> = {};
