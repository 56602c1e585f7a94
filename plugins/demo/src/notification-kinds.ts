/** What the demonstration suggests to a role: the name of the kind, and the page on which there is something to do. */
export const suggestions = {
  'see-who-is-stuck': { place: '/opvolging', audience: 'progress:read' },
  'check-the-import': { place: '/school', audience: 'roster:import' },
  'answer-a-parent': { place: '/beheer/privacy', audience: 'privacy:read' },
  'see-your-provider': { place: '/aanbieders', audience: 'provider:read' },
  'look-at-modules': { place: '/beheer/modules', audience: 'operations:read' },
} as const;

/** Contributions to `notifications.kinds`. */
export const notificationKinds = Object.entries(suggestions).map(([name, { place }]) => ({
  name,
  messages: new URL('../messages/', import.meta.url),
  text: `suggestions.${name}`,
  place,
}));
