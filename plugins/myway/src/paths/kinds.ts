/** The icon of each kind of activity; a tool is a puzzle piece, a link leaves the portal, a text is read here. */
export const kindIcons = { lti: 'puzzle', link: 'external-link', text: 'file-text' } as const;
