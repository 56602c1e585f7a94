/** The audiences to choose from on the sign-in page. */
export const audiences = ['pupil', 'staff', 'provider'] as const;
export type Audience = (typeof audiences)[number];
