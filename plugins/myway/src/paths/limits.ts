/** Longest path that a builder, a trail and a class board can still show. */
export const maximumSteps = 100;
/** Assignments on a page of a teacher's follow-up, the newest first. */
export const mostFollowed = 100;
/** Paths on a page of what a pupil has to do. */
export const mostTrails = 200;
