/** How far a wish is. Those from `planned` on stand on the roadmap. */
export const wishStates = ['new', 'considered', 'planned', 'underway', 'done', 'declined'] as const;
export type WishState = (typeof wishStates)[number];

export const roadmapStates = ['planned', 'underway', 'done'] as const satisfies readonly WishState[];

/** Who can grant a wish: the makers of the portal, or a provider of tools or of trainings. */
export const addressees = ['portal', 'tool', 'training'] as const;
export type Addressee = (typeof addressees)[number];
