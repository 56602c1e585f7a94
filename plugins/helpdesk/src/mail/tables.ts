import type { TableDeclaration } from '@ilearn/core';

export const mailTables: Record<string, TableDeclaration> = {};
