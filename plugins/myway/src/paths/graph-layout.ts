import type { DraftStep } from './draft.js';
import type { Block } from './structure.js';
import { outermostOf, wayOf } from './ways.js';

export interface Point {
  /** Column, from the left. */
  x: number;
  /** Lane, from the top. */
  y: number;
}

/** A path drawn as lines: blocks fan out over lanes between two junctions. */
export interface Drawing {
  stations: (Point & { index: number })[];
  /** Two for each block: where the ways part, and where they meet. */
  junctions: Point[];
  tracks: { from: Point; to: Point }[];
  columns: number;
  lanes: number;
}

type Step = Pick<DraftStep, 'block' | 'arm'>;

/** Places the steps of a path on columns and lanes. A choice has a lane for each step, a branch one for each way. */
export function drawing(steps: readonly Step[], blocks: readonly Block[]): Drawing {
  const result: Drawing = { stations: [], junctions: [], tracks: [], columns: 0, lanes: 1 };
  let end: Point | null = null;
  let column = 0;
  const connect = (from: Point | null, to: Point) => from && result.tracks.push({ from, to });

  for (let index = 0; index < steps.length; ) {
    const outermost = outermostOf(steps[index] as Step, blocks);
    const block = blocks.find(({ id }) => id === outermost);
    if (block === undefined) {
      const at = { x: column, y: 0 };
      result.stations.push({ ...at, index });
      connect(end, at);
      end = at;
      index += 1;
      column += 1;
      continue;
    }
    const inside: number[] = [];
    while (index < steps.length && outermostOf(steps[index] as Step, blocks) === block.id) inside.push(index++);
    const lanes = lanesOf(steps, blocks, block, inside);
    const width = Math.max(1, ...lanes.map((lane) => lane.length));
    const part = { x: column, y: 0 };
    const meet = { x: column + width + 1, y: 0 };
    result.junctions.push(part, meet);
    connect(end, part);
    for (const [y, lane] of lanes.entries()) {
      let from: Point = part;
      for (const [nth, step] of lane.entries()) {
        const at = { x: column + 1 + nth, y };
        result.stations.push({ ...at, index: step });
        connect(from, at);
        from = at;
      }
      if (lane.length === 0 && y > 0) {
        from = { x: column + 1, y };
        connect(part, from);
      }
      connect(from, meet);
    }
    result.lanes = Math.max(result.lanes, lanes.length);
    end = meet;
    column = meet.x + 1;
  }
  result.columns = Math.max(0, column - 1);
  return result;
}

/** Positions of the steps in each lane; a way without steps is an empty lane. */
function lanesOf(steps: readonly Step[], blocks: readonly Block[], block: Block, inside: readonly number[]): number[][] {
  if (block.kind === 'choice') return inside.map((index) => [index]);
  return block.arms.map(({ id }) => inside.filter((index) => wayOf(steps[index] as Step, blocks)?.arm === id));
}
