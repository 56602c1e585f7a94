import type { Portal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/** What one part of the portal keeps about people. */
export interface OverviewPart {
  /** Id of the plugin. */
  id: string;
  title: string;
  /** In words for a child of eight; null if the plugin has none. */
  child: string | null;
  what: string[];
}

/** As for the statement: it changes only when the portal's modules do. */
const KEEP_MS = 10 * 60_000;
const keptOf = new WeakMap<Portal, Map<string, { at: number; parts: OverviewPart[] }>>();

/** What the portal keeps about people, from the declarations of the modules in service: those that keep nothing are left out. */
export async function overviewIn(
  language: string,
  { privacy, portal, clock }: Pick<Dependencies, 'privacy' | 'portal' | 'clock'>,
): Promise<OverviewPart[]> {
  const kept = keptOf.get(portal) ?? new Map();
  keptOf.set(portal, kept);
  const now = clock.now().getTime();
  const known = kept.get(language);
  if (known !== undefined && now - known.at < KEEP_MS) return known.parts;
  const { parts: all, records } = await privacy.register(language);
  const parts = all.flatMap(({ id, title, statement }): OverviewPart[] => {
    const what = records.filter(({ plugin }) => plugin === id).map((record) => record.title);
    return what.length === 0 ? [] : [{ id, title, child: statement['child'] ?? null, what: [...new Set(what)] }];
  });
  kept.set(language, { at: now, parts });
  return parts;
}
