/** The icon of each kind of activity. */
export const kindIcons = { lti: 'puzzle', link: 'external-link', text: 'file-text' } as const;
