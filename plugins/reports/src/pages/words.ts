import { locale } from '@ilearn/ui';

/** `november 2026` in the language of the page, for the first day of a month. */
export const monthName = (startsOn: string): string =>
  new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${startsOn}T00:00:00Z`),
  );
