import type { Arm, Block, BranchBlock } from '../paths/structure.js';
import { wayOf } from '../paths/ways.js';
import type { Lock, Outcome, StepToWalk } from './path-to-walk.js';

/**
 * Which way a pupil takes at a branch. `chosen`: the teacher chose it for this pupil. `waiting`: not decided yet, and what is awaited.
 * `none`: the branch is not on the pupil's way.
 */
export type Decision = { kind: 'arm'; armId: string; chosen: boolean } | { kind: 'waiting'; lock: Lock } | { kind: 'none' };

interface Known {
  stepOf: ReadonlyMap<string, StepToWalk>;
  blockOf: ReadonlyMap<string, Block>;
  outcomeOf: (stepId: string) => Outcome;
  choices: ReadonlyMap<string, string>;
}

/** Decides each branch of a path once. */
export function decider(known: Known): (branch: BranchBlock) => Decision {
  const decided = new Map<string, Decision>();
  const decide = (branch: BranchBlock): Decision => {
    const before = decided.get(branch.id);
    if (before !== undefined) return before;
    // Branches that wait for each other are refused when a path is saved; here, each takes its highest way.
    decided.set(branch.id, highest(branch));
    const decision = decideAnew(branch, known, decide);
    decided.set(branch.id, decision);
    return decision;
  };
  return decide;
}

function decideAnew(branch: BranchBlock, known: Known, decide: (branch: BranchBlock) => Decision): Decision {
  const { stepOf, blockOf, outcomeOf, choices } = known;
  const step = branch.on === 'teacher' ? undefined : stepOf.get(branch.step ?? '');
  const way = step && wayOf({ block: step.block ?? null, arm: step.arm ?? null }, [...blockOf.values()]);
  const outer = blockOf.get(way?.block ?? '');
  if (outer?.kind === 'branch') {
    const decision = decide(outer);
    if (decision.kind === 'waiting') return decision;
    if (decision.kind === 'none' || decision.armId !== way?.arm) return { kind: 'none' };
  }
  const chosen = branch.arms.find((arm) => arm.id === choices.get(branch.id));
  if (chosen !== undefined) return { kind: 'arm', armId: chosen.id, chosen: true };
  if (branch.on === 'teacher') return { kind: 'waiting', lock: { reason: 'teacher', blockId: branch.id } };
  if (step === undefined) return highest(branch);

  const { state, best, marking } = outcomeOf(step.id);
  if (branch.on === 'done') {
    return { kind: 'arm', armId: (branch.arms[state === 'done' ? 1 : 0] as Arm).id, chosen: false };
  }
  if (best !== null) return { kind: 'arm', armId: armFor(branch, best).id, chosen: false };
  if (marking === 'pending') return { kind: 'waiting', lock: { reason: 'marking', stepId: step.id } };
  // There will be no score: the teacher marked the step as done, or nobody can open it.
  if (state === 'done' || !step.available) return highest(branch);
  return { kind: 'waiting', lock: { reason: 'score', stepId: step.id } };
}

/** The way for a share of the maximum score: the one with the greatest `from` that is not above it. */
export function armFor({ arms }: Pick<BranchBlock, 'arms'>, share: number): Arm {
  const reached = arms.filter((arm, index) => index === 0 || arm.from <= share);
  return reached.reduce((best, arm) => (arm.from >= best.from ? arm : best));
}

const highest = (branch: BranchBlock): Decision => ({
  kind: 'arm',
  armId: (branch.on === 'done' ? (branch.arms[0] as Arm) : armFor(branch, 1)).id,
  chosen: false,
});
