/** Longest path that a builder, a trail and a class board can still show. */
export const maximumSteps = 100;
/** Assignments that a teacher's follow-up shows, the newest first. */
export const mostFollowed = 100;
/** Paths that a pupil is shown. */
export const mostTrails = 200;
