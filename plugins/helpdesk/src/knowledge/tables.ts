import type { TableDeclaration } from '@ilearn/core';

export const knowledgeTables: Record<string, TableDeclaration> = {};
