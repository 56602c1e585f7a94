import type { Portal } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

export type Language = 'nl' | 'en' | 'fr';

/** What one part of the portal keeps about people, from the tables that it declares. */
export interface StatementPart {
  title: string;
  kept: { what: string; why: string; howLong: string }[];
}

/**
 * How long a statement is kept in memory, in milliseconds. Everybody may ask for it, and it changes only when the portal's modules do, so
 * that it does not read the database each time.
 */
const KEEP_MS = 10 * 60_000;

const keptOf = new WeakMap<Portal, Map<Language, { at: number; parts: StatementPart[] }>>();

/** The register of processing in short, for everybody: what is kept, why and how long. Names of tables and columns are left out. */
export async function statementIn(
  language: Language,
  { privacy, portal, clock }: Pick<Cradle, 'privacy' | 'portal' | 'clock'>,
): Promise<StatementPart[]> {
  const kept = keptOf.get(portal) ?? new Map();
  keptOf.set(portal, kept);
  const now = clock.now().getTime();
  const known = kept.get(language);
  if (known !== undefined && now - known.at < KEEP_MS) return known.parts;
  const register = await privacy.register(language);
  const parts = register.parts
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => ({
      title,
      kept: rows.map(([what = '', why = '', , , howLong = '']) => ({ what: withoutTable(what), why, howLong })),
    }));
  kept.set(language, { at: now, parts });
  return parts;
}

/** The register writes “Accounts (accounts)”. */
const withoutTable = (what: string): string => what.replace(/ \([a-z_]+\)$/, '');
