/** Maximum number of steps that the builder, trail and class board can show. */
export const maximumSteps = 100;
/** Assignments on one page of the follow-up list. */
export const mostFollowed = 100;
/** Paths on one page of a pupil's list. */
export const mostTrails = 200;
