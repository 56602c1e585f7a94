/** Who the sign-in page asks whether you are. */
export const audiences = ['pupil', 'staff', 'provider'] as const;
export type Audience = (typeof audiences)[number];
