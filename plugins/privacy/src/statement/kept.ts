import type { Language, Portal } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { Reader } from './readers.js';
import { type Statement, statementFor } from './statement.js';
import type { StatementVersion } from './versions.js';

/**
 * How long a statement is kept in memory, in milliseconds. Everybody may ask for it, and it changes only when the portal's modules do, so
 * that it does not read the database each time.
 */
const KEEP_MS = 10 * 60_000;

type Answer = Statement & { versions: StatementVersion[] };

const keptOf = new WeakMap<Portal, Map<string, { at: number; answer: Answer }>>();

type Services = Pick<Cradle, 'privacy' | 'portal' | 'clock' | 'settings' | 'statementVersions'>;

/** The statement with its versions, at most ten minutes old. */
export async function keptStatement(reader: Reader, language: Language, services: Services): Promise<Answer> {
  const { portal, clock, statementVersions } = services;
  const kept = keptOf.get(portal) ?? new Map<string, { at: number; answer: Answer }>();
  keptOf.set(portal, kept);
  const now = clock.now().getTime();
  const key = `${reader} ${language}`;
  const known = kept.get(key);
  if (known !== undefined && now - known.at < KEEP_MS) return known.answer;
  const answer = { ...(await statementFor(reader, language, services)), versions: await statementVersions.list(language) };
  // Before the first version is stored, the portal has just started.
  if (answer.versions.length > 0) kept.set(key, { at: now, answer });
  return answer;
}
