/** Photos of the blackboard or of a page. The kernel creates the table `photos` and keeps the bytes. */
export const files = {
  photos: {
    tenant: 'school_id',
    people: { owner_id: 'author' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'learning',
    use: 'showing a class what was on the blackboard',
    types: ['image/jpeg', 'image/png', 'image/webp'],
    maxBytes: 8 * 1024 * 1024,
  },
} as const;

export const mostPhotos = 3;
