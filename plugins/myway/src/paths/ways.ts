import type { Block, ChoiceBlock, StepPlace } from './structure.js';

/** A way of a branch. */
export type Way = NonNullable<ChoiceBlock['within']>;

/** The way of a branch in which a step stands, directly or in a choice of that way; null: in none. */
export function wayOf({ block, arm }: Pick<StepPlace, 'block' | 'arm'>, blocks: readonly Block[]): Way | null {
  const found = block === null ? undefined : blocks.find(({ id }) => id === block);
  if (found?.kind === 'choice') return found.within ?? null;
  return found === undefined || arm === null ? null : { block: found.id, arm };
}

/** The block in which a step stands on the line of the path: of a step in a choice of a way, the branch. */
export const outermostOf = (step: Pick<StepPlace, 'block' | 'arm'>, blocks: readonly Block[]): string | null =>
  wayOf(step, blocks)?.block ?? step.block;
