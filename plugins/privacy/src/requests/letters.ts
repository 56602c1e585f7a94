import { textOf } from '../texts.js';
import type { LetterKind, RequestKind } from './states.js';

export interface LetterFacts {
  kind: LetterKind;
  request: RequestKind;
  language: string;
  number: string;
  /** Of whoever gets the letter. */
  to: string;
  /** Of whom the data are; the same as `to` if they asked themselves. */
  about: string;
  /** Of the school or the operator. */
  sender: string;
  today: string;
  received: string;
  due: string | null;
  reason: string;
  answer: string;
}

const locales: Record<string, string> = { nl: 'nl-BE', en: 'en-GB', fr: 'fr-BE' };

/** A day in words: `28 november 2026`. */
export const longDay = (day: string, language: string): string =>
  new Intl.DateTimeFormat(locales[language] ?? 'nl-BE', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/**
 * The text of a letter (GDPR art. 12(1), (3), (4)), paragraphs separated by empty lines. A refusal tells why, and where to complain or go to
 * court.
 */
export function letterText({ kind, request, language, ...facts }: LetterFacts): string {
  const t = (key: string, values: Record<string, string> = {}) => textOf(language, `letters.${key}`, values);
  const values = {
    ...{ number: facts.number, to: facts.to, about: facts.about, sender: facts.sender },
    ...{ reason: facts.reason, answer: facts.answer, what: t(`what.${request}`) },
    today: longDay(facts.today, language),
    received: longDay(facts.received, language),
    due: facts.due === null ? '' : longDay(facts.due, language),
  };
  const subject = facts.about === facts.to ? 'self' : 'other';
  return [
    t('head', values),
    t('dear', values),
    t(`about.${subject}`, values),
    t(`body.${kind}`, values),
    ...(kind === 'refused' || kind === 'extended' ? [t('remedy', values)] : []),
    t('close', values),
  ].join('\n\n');
}
