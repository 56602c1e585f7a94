import { formatDate, formatNumber } from '@ilearn/ui';
import type { Erasure } from './routes.js';

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** Describes the state of an erasure in one or two sentences. */
export function wordsFor({ state, failure, nextTryAt, finishedAt, rows }: Erasure, t: Translate): string {
  const total = rows.reduce((sum, each) => sum + each.rows, 0);
  const count = { count: total, rows: formatNumber(total) };
  if (state === 'running') return t('erasures.running', count);
  if (state === 'done') return t('erasures.done', { ...count, date: formatDate(finishedAt, 'time') });
  return t('erasures.failed', { failure, date: formatDate(nextTryAt, 'time') });
}
