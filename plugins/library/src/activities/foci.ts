/** Didactic foci of MyWay: what a teacher wants to work on, across subjects. */
export const foci = ['reading', 'computational-thinking', 'newcomers', 'gifted'] as const;

export type Focus = (typeof foci)[number];
