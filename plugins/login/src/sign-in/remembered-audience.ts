import type { Audience } from './audience.js';

const key = 'ilearn.login.audience';

/** In the address: `/aanmelden?wie=leerling`. */
export const audienceInAddress: Record<Audience, string> = { pupil: 'leerling', staff: 'medewerker', provider: 'aanbieder' };

/** The address that asks again, whoever this device knows. */
export const askAgain = 'kies';

const isAudience = (value: string | null): value is Audience => value !== null && value in audienceInAddress;

export function audienceOf(query: URLSearchParams): Audience | null {
  const asked = query.get('wie');
  if (asked === null) return remembered();
  const found = Object.entries(audienceInAddress).find(([, word]) => word === asked);
  return (found?.[0] as Audience | undefined) ?? null;
}

/** Who signed in on this device last; a browser that keeps nothing is asked each time. */
function remembered(): Audience | null {
  try {
    const value = localStorage.getItem(key);
    return isAudience(value) ? value : null;
  } catch {
    return null;
  }
}

export function remember(audience: Audience): void {
  try {
    localStorage.setItem(key, audience);
  } catch {
    // Storage is switched off: the question comes again next time.
  }
}
