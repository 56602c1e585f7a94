/** The choices of the sign-in page. */
export const audiences = ['pupil', 'staff', 'provider'] as const;
export type Audience = (typeof audiences)[number];
