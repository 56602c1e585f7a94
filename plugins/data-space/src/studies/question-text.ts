import { type Language, languages, messagesAt } from '@ilearn/core';
import type { Study } from './study.js';

const texts = messagesAt(new URL('../../messages/', import.meta.url), 'studies.question', (fault) => {
  throw new Error(fault);
}) as Record<Language, Record<'whole' | 'names' | 'pseudonyms' | 'launches' | 'steps-done', string>>;

/** The question that people are asked, in each language: everything that GDPR art. 13 wants told, in plain words. */
export const questionTexts = (study: Study): Record<Language, string> =>
  Object.fromEntries(languages.map((language) => [language, questionIn(language, study)])) as Record<Language, string>;

function questionIn(language: Language, study: Study): string {
  const { whole, names, pseudonyms, ...measures } = texts[language];
  const day = new Intl.DateTimeFormat(`${language}-BE`, { dateStyle: 'long', timeZone: 'UTC' });
  const values: Record<string, string> = {
    title: study.title,
    organisation: study.organisation,
    researcher: study.researcher,
    contact: study.contact,
    why: study.why,
    ethics: study.ethics,
    data: study.measures.map((each) => measures[each]).join(' '),
    who: study.names ? names : pseudonyms,
    startsOn: day.format(new Date(study.startsOn)),
    endsOn: day.format(new Date(study.endsOn)),
  };
  return whole.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}
