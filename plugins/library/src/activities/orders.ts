import type { Position } from '@ilearn/core';
import { byNewest, byTitle, type Entry } from './entries.js';
import type { ActivityQuery } from './filter.js';

/** An order of results, in which each has its own position. */
export interface Order {
  compare(a: Entry, b: Entry): number;
  positionOf(entry: Entry): Position;
}

const title: Order = { compare: byTitle, positionOf: ({ order, id }) => [order, id] };
const newest: Order = { compare: byNewest, positionOf: ({ created, id }) => [-created, id] };

/** @param ranks by id, the lowest first; null without words, when relevance is the title */
export function orderFor(sort: ActivityQuery['sort'], ranks: ReadonlyMap<string, number> | null): Order {
  if (sort === 'newest') return newest;
  if (sort === 'title' || ranks === null) return title;
  const rankOf = ({ id }: Entry): number => ranks.get(id) ?? 0;
  return {
    compare: (a, b) => rankOf(a) - rankOf(b) || byTitle(a, b),
    positionOf: (entry) => [rankOf(entry), entry.order, entry.id],
  };
}

/** How many results of a sorted list come up to a position, itself included. */
export function countUntil(results: readonly Entry[], { positionOf }: Order, position: Position): number {
  const first = results.findIndex((entry) => isAfter(positionOf(entry), position));
  return first === -1 ? results.length : first;
}

function isAfter(one: Position, other: Position): boolean {
  for (const [n, key] of one.entries()) {
    const against = other[n] as typeof key;
    if (key !== against) return (key as string) > (against as string);
  }
  return false;
}
