/** The icon of each kind of step. */
export const kindIcons = {
  lti: 'puzzle',
  link: 'external-link',
  text: 'file-text',
  task: 'clipboard-list',
  moment: 'users',
  quiz: 'circle-help',
} as const;
