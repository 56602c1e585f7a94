import type { TableDeclaration } from '@ilearn/core';

export const serviceLevelsTables: Record<string, TableDeclaration> = {};
