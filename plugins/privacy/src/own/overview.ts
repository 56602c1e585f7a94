import type { Portal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/** What one part of the portal keeps about a person. */
export interface OverviewPart {
  /** Id of the plugin. */
  id: string;
  title: string;
  /** In words for a child of eight; null if the plugin has none. */
  child: string | null;
  what: string[];
}

/** A part with its tables, as declared. */
interface DeclaredPart extends Omit<OverviewPart, 'what'> {
  /** Title by table. */
  titles: ReadonlyMap<string, string>;
}

/** As for the statement: it changes only when the portal's modules do. */
const KEEP_MS = 10 * 60_000;
const keptOf = new WeakMap<Portal, Map<string, { at: number; parts: DeclaredPart[] }>>();

type Services = Pick<Dependencies, 'privacy' | 'portal' | 'clock'>;

/** What the portal keeps about a person: the parts with rows that name them, and the kernel, which has their session. */
export async function overviewOf(personId: string, language: string, services: Services): Promise<OverviewPart[]> {
  const held = await services.privacy.held(personId);
  return (await declaredIn(language, services)).flatMap(({ id, title, child, titles }): OverviewPart[] => {
    const of = held.filter(({ plugin }) => plugin === id).flatMap(({ table }) => titles.get(table) ?? []);
    const what = id === 'kernel' ? [...titles.values()] : of;
    return what.length === 0 ? [] : [{ id, title, child, what: [...new Set(what)] }];
  });
}

async function declaredIn(language: string, { privacy, portal, clock }: Services): Promise<DeclaredPart[]> {
  const kept = keptOf.get(portal) ?? new Map();
  keptOf.set(portal, kept);
  const now = clock.now().getTime();
  const known = kept.get(language);
  if (known !== undefined && now - known.at < KEEP_MS) return known.parts;
  const { parts: all, records } = await privacy.register(language);
  const parts = all.map(
    ({ id, title, statement }): DeclaredPart => ({
      ...{ id, title, child: statement['child'] ?? null },
      titles: new Map(records.filter(({ plugin }) => plugin === id).map((record) => [record.table, record.title])),
    }),
  );
  kept.set(language, { at: now, parts });
  return parts;
}
