import type { Language } from '@ilearn/core';
import { facts, type Html, html, sheet } from '../documents/html.js';
import { dayIn, translator } from '../documents/messages.js';
import { flowPicture } from './flows.js';
import type { Prefilled } from './prefilled.js';
import { type Answers, questions } from './questions.js';

export interface SheetParts {
  language: Language;
  /** Of the school or the operator. */
  party: string;
  prefilled: Prefilled;
  answers: Answers;
  /** 0 before the first version is stored. */
  version: number;
  madeAt: Date;
}

/** The assessment for paper. What the portal filled in stands apart from what people wrote. */
export function assessmentSheet({ language, party, prefilled, answers, version, madeAt }: SheetParts): string {
  const t = translator(language);
  const picture = flowPicture(prefilled.flows, {
    title: t('assessment.flows'),
    readers: t('assessment.readers'),
    portal: t('assessment.portal'),
    outside: t('assessment.outside'),
  });
  const written = (text: string | undefined): Html =>
    text === undefined
      ? html`<p>……………………………………………………………………………</p>`
      : html`${text.split('\n').map((line) => html`<p>${line}</p>`)}`;
  const body = html`<p>${t('assessment.lead', { date: dayIn(language, madeAt) })}</p>
${facts([
  [t('assessment.of'), party],
  [t('assessment.versionName'), version === 0 ? t('assessment.noVersion') : String(version)],
])}
<h2>${t('assessment.flows')}</h2>${picture}
<h2>${t('assessment.questions')}</h2>
${questions.map((question) => {
  const lines = prefilled.answers[question];
  return html`<section><h3>${t(`assessment.ask.${question}`)}</h3>
${lines.length === 0 ? '' : html`<p><em>${t('assessment.byPortal')}</em></p><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`}
<p><em>${t('assessment.byPeople')}</em></p>${written(answers[question])}</section>`;
})}
${facts([[t('assessment.decidedBy'), '……………………………………']])}`;
  return sheet({ language, title: t('assessment.title'), body });
}
