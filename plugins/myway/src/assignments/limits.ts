/** Classes and groups that get a path at once. */
export const mostClassesAtOnce = 50;
