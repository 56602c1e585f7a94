import type { ActivitySummary } from '@ilearn/plugin-library';

/** What the activity of a step says about its subject. */
export type StepSubject = Pick<ActivitySummary, 'area'> & Partial<Pick<ActivitySummary, 'concepts'>>;

/** The learning area of a path. */
export interface Area {
  /** Key of the learning area, from which pages take the line's colour (`lineColourOf`). */
  key: string;
  /** The concept that most steps of this area share: `getallen`. */
  label: string;
}

/** The entries that occur most often. */
function mostFrequent<T>(entries: readonly T[]): T[] {
  const tally = new Map<T, number>();
  for (const entry of entries) tally.set(entry, (tally.get(entry) ?? 0) + 1);
  const most = Math.max(0, ...tally.values());
  return [...tally].filter(([, count]) => count === most).map(([entry]) => entry);
}

/** The learning area of most steps; of equally frequent ones, that of the first step. Null if no step has one. */
export function areaOf(steps: readonly StepSubject[]): Area | null {
  const keys = steps.flatMap(({ area }) => (area === null ? [] : [area]));
  const [key] = mostFrequent(keys);
  if (key === undefined) return null;
  const concepts = steps.filter(({ area }) => area === key).flatMap((step) => step.concepts ?? []);
  const labels = new Map(concepts.map(({ uri, label }) => [uri, label]));
  // Authors name the general subject before the specific one.
  const uri = mostFrequent(concepts.map((concept) => concept.uri)).at(-1);
  return { key, label: (uri === undefined ? undefined : labels.get(uri)) ?? key };
}
