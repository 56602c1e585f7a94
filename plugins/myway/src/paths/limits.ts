/** Maximum number of steps that the builder, trail and class board can show. */
export const maximumSteps = 100;
/** Assignments on one page of the follow-up list. */
export const mostFollowed = 100;
/** Paths on one page of a pupil's list. */
export const mostTrails = 200;
/** Questions of a quiz, and options of a question. */
export const mostQuestions = 20;
export const mostOptions = 8;
/** Choices and branches of a path, and ways of a branch. */
export const mostBlocks = 20;
export const mostArms = 4;
/** Files that a pupil hands in for one task. */
export const mostFiles = 5;

/** Maximum number of extra steps of a pupil in one assignment. */
export const mostExtra = 20;
