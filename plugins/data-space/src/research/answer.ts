import type { OnePupil } from '../activity/activity.js';
import { BoundedSums } from '../statistics/contributions.js';
import { discreteLaplace } from '../statistics/discrete-laplace.js';
import { KeepProbabilities } from '../statistics/partition-selection.js';
import { uniformBelow } from '../statistics/random.js';
import { one } from '../statistics/rational.js';
import { fixedGroups, type GroupValue, type Question, scaleOf, splitEpsilon, unit } from './question.js';

/**
 * Draws the answer to a question. Its cost must have been committed before: a second draw would cost again.
 *
 * @param pupils everything that each pupil did, from all schools together; nobody comes twice
 */
export async function drawAnswer(asked: Question, pupils: AsyncIterable<OnePupil> | Iterable<OnePupil>): Promise<GroupValue[]> {
  const bounded = new BoundedSums(asked);
  const isPerson = asked.measure === 'pupils';
  for await (const amounts of pupils) {
    bounded.addPerson(isPerson ? amounts.map(([group]) => [group, 1] as const) : amounts);
  }
  const scale = scaleOf(asked);
  return namedGroups(asked, bounded).map((group) => ({
    group,
    value: Number((bounded.sums.get(group)?.value ?? 0n) + discreteLaplace(scale)),
  }));
}

/** The groups that are told, in an order that does not depend on values. */
function namedGroups(asked: Question, { sums }: BoundedSums): readonly string[] {
  const fixed = fixedGroups(asked);
  if (fixed !== null) return fixed;
  const share = BigInt(unit) * BigInt(asked.groups);
  const epsilon = { num: BigInt(splitEpsilon(asked).naming), den: share };
  const delta = { num: BigInt(asked.delta), den: share };
  const probabilities = new KeepProbabilities(epsilon, delta);
  return [...sums]
    .sort(([, few], [, many]) => few.people - many.people)
    .filter(([, { people }]) => uniformBelow(one) < probabilities.of(people))
    .map(([group]) => group)
    .sort();
}
