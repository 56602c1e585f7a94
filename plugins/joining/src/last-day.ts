import { formatDate } from '@ilearn/ui';

/** The last day of a period that ends at a midnight, in the reader's language. */
export const lastDay = (end: string): string => formatDate(new Date(end).getTime() - 1, 'long');
