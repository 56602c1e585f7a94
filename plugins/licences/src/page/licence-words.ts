import { formatDate, type PortalElement } from '@ilearn/ui';

type Translate = PortalElement['t'];

/** `1 september 2026 tot en met 31 augustus 2027` */
export const periodOf = (t: Translate, { startsOn, endsOn }: { startsOn: string; endsOn: string }): string =>
  t('terms.period', { from: formatDate(startsOn, 'short'), to: formatDate(endsOn, 'short') });

/** Who needs a seat, and how many there are. */
export function seatsOf(t: Translate, { seats, counts }: { seats: number | null; counts: 'pupils' | 'everyone' }): string {
  return seats === null ? t('terms.unlimited') : t(`terms.seats.${counts}`, { count: seats });
}
