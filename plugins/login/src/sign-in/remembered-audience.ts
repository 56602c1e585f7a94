import type { Audience } from './audience.js';

const key = 'ilearn.login.audience';

/** Values in the address: `/aanmelden?wie=leerling`. */
export const audienceInAddress: Record<Audience, string> = { pupil: 'leerling', staff: 'medewerker', provider: 'aanbieder' };

/** Value in the address that shows the choice even on a device with a remembered audience. */
export const askAgain = 'kies';

const isAudience = (value: string | null): value is Audience => value !== null && value in audienceInAddress;

export function audienceOf(query: URLSearchParams): Audience | null {
  const asked = query.get('wie');
  if (asked === null) return remembered();
  const found = Object.entries(audienceInAddress).find(([, word]) => word === asked);
  return (found?.[0] as Audience | undefined) ?? null;
}

/** The audience that last signed in on this device; null if none is stored. */
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
    // Storage is disabled: the page asks again next time.
  }
}
