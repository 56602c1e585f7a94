import { hash } from './random.js';

/**
 * How a pupil works. `halfway`: done with what is late, and halfway in the rest; `ahead`: finishes in two days; `steady`: on time; `slow`: half as fast; `late`: has just begun; `quiet`: has not
 * begun; `trying`: gets low scores, however often; `waiting`: left a step open days ago.
 */
export type Temperament = 'halfway' | 'ahead' | 'steady' | 'slow' | 'late' | 'quiet' | 'trying' | 'waiting';

/** One of each in a class; the others are steady or slow. */
const rare: readonly Temperament[] = ['ahead', 'quiet', 'trying', 'waiting', 'late'];

/**
 * Divides temperaments over the pupils of a class, by a hash of their ids.
 *
 * @param known temperaments that are fixed, by id
 */
export function temperamentsOf(pupilIds: readonly string[], known: ReadonlyMap<string, Temperament>): Map<string, Temperament> {
  const fixed = new Map(pupilIds.flatMap((id) => (known.has(id) ? [[id, known.get(id) as Temperament] as const] : [])));
  const left = rare.filter((each) => ![...fixed.values()].includes(each));
  const others = pupilIds.filter((id) => !fixed.has(id)).sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
  return new Map([...fixed, ...others.map((id, rank) => [id, left[rank] ?? (hash(id) % 4 === 0 ? 'slow' : 'steady')] as const)]);
}
