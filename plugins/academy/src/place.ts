const own = '/academie/mijn/';

/** Page of one's own sign-up for an event. */
export const placeOf = (eventId: string): string => `${own}${eventId}`;

/** The event of such a page; null: another page. */
export const eventIn = (place: string): string | null => (place.startsWith(own) ? place.slice(own.length) : null);
