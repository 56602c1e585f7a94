import * as nodes from './nodes.js';

/** Part of a text that plugins may not use. */
export interface Refusal {
  /** A kind of statement, a function, or the name of something else. */
  kind: 'statement' | 'function' | 'name';
  found: string;
  /** Offset in characters; null if the text contains another text. */
  at: number | null;
  remedy: string;
}

/** What is allowed in addition to expressions and queries. */
export interface Rules {
  statements: ReadonlySet<string>;
  migration: boolean;
}

export const runtimeRules: Rules = { statements: nodes.statements, migration: false };
export const migrationRules: Rules = { statements: nodes.migrationStatements, migration: true };
export const bodyRules: Rules = { statements: nodes.bodyStatements, migration: false };
