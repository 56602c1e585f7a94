/** Name of the part behind `#`, which browsers send to no server. */
const key = 'naam';

/** The sign-in page with the username filled in. It does not sign anybody in: the password is asked for. */
export const signInAddress = (origin: string, username: string, kind: 'pupil' | 'staff'): string =>
  `${origin}/aanmelden?wie=${kind === 'pupil' ? 'leerling' : 'medewerker'}#${key}=${encodeURIComponent(username)}`;
