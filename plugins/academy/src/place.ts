/** Page of one's own sign-up for an event. */
export const placeOf = (eventId: string): string => `/academie/mijn/${eventId}`;
