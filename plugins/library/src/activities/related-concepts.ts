import type { ConceptName, SharedEntries } from './shared-entries.js';

/** Concepts that bear one name, at most. */
const mostNamed = 5;
/** Characters of a name that is shown; those of goals are whole sentences. */
const longestLabel = 60;

/**
 * Concepts that are related to, narrower or broader than the one with this name (SKOS Reference, section 8), in this order, and that activities
 * are on.
 *
 * @param hasActivities whether an activity is on a concept or a narrower one
 */
export function relatedConcepts(
  { concepts, conceptsByName }: Pick<SharedEntries, 'concepts' | 'conceptsByName'>,
  name: string,
  most: number,
  hasActivities: (uri: string) => boolean,
): { uri: string; label: string }[] {
  const named = (conceptsByName.get(name.toLowerCase()) ?? []).slice(0, mostNamed);
  const seen = new Set(named.map(({ uri }) => uri));
  const found: { uri: string; label: string }[] = [];
  for (const near of ['related', 'narrower', 'broader'] as const) {
    const uris = named.flatMap((concept) => concept[near]);
    const fresh = uris.map((uri) => concepts.get(uri)).filter((concept): concept is ConceptName => concept !== undefined);
    for (const { uri, label, deprecated } of fresh.sort((a, b) => a.label.localeCompare(b.label))) {
      if (seen.has(uri)) continue;
      seen.add(uri);
      if (!deprecated && label.length <= longestLabel && hasActivities(uri)) found.push({ uri, label });
    }
  }
  return found.slice(0, most);
}
