import type { TableDeclaration } from '@ilearn/core';

export const outagesTables: Record<string, TableDeclaration> = {};
