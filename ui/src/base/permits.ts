/** Whether somebody with these permissions has this one: `public`, `signed-in`, or one that a plugin declares. */
export const permits = (person: { permissions: readonly string[] } | null | undefined, permission: string): boolean =>
  permission === 'public' ||
  (Boolean(person) && (permission === 'signed-in' || person?.permissions.includes(permission) === true));

/** Whether these are the roles of a pupil and of nobody else. */
export const isOnlyPupil = (roles: readonly { role: string }[]): boolean =>
  roles.length > 0 && roles.every(({ role }) => role === 'pupil');
