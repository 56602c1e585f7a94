/** Roles as which a visitor may look around, in the order of the page. Each is one person of the demonstration. */
export const doorKeys = ['pupil', 'teacher', 'coordinator', 'principal', 'planner', 'administrator'] as const;
export type DoorKey = (typeof doorKeys)[number];
