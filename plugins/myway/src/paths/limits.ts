/** Longest path that a builder, a trail and a class board can still show. */
export const maximumSteps = 100;
