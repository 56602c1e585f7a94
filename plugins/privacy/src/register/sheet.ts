import { type CsvCell, csvStream, type Language } from '@ilearn/core';
import { facts, type Html, html, sheet } from '../documents/html.js';
import { dayIn, type Translate, translator } from '../documents/messages.js';
import type { Activity, Processing } from './processing.js';

const columns = [
  ...(['name', 'why', 'controller', 'basis', 'special', 'people', 'data', 'recipients', 'transfers', 'retention'] as const),
];

/** What a register says about an activity, with its headings. */
export const factsOf = (activity: Activity, t: Translate): [string, string | string[]][] => [
  ...columns.slice(1).map((column): [string, string | string[]] => [t(`processing.columns.${column}`), activity[column]]),
];

/** The register for paper. */
export function registerSheet(processing: Processing, language: Language, madeAt: Date): string {
  const t = translator(language);
  const { controller, contact, officer, asController, asProcessor, measures } = processing;
  const part = (heading: string, activities: readonly Activity[]): Html[] =>
    activities.length === 0
      ? []
      : [
          html`<h2>${heading}</h2>${activities.map(
            (each) => html`<section><h3>${each.name}</h3>${facts(factsOf(each, t))}</section>`,
          )}`,
        ];
  const body = html`<p>${t('processing.lead', { date: dayIn(language, madeAt) })}</p>
${facts([
  [t('processing.columns.party'), controller],
  [t('processing.columns.contact'), contact],
  [t('processing.columns.officer'), officer],
])}
${part(t('processing.asController'), asController)}
${part(t('processing.asProcessor'), asProcessor)}
<h2>${t('processing.columns.measures')}</h2><ul>${measures.map((each) => html`<li>${each}</li>`)}</ul>`;
  return sheet({ language, title: t('processing.title', { party: controller }), body });
}

/** The register as a table, one row for each activity. */
export function registerCsv({ asController, asProcessor, measures }: Processing, language: Language) {
  const t = translator(language);
  const head = ['role', ...columns, 'measures'].map((column) => t(`processing.columns.${column}`));
  const row = (role: string, activity: Activity): CsvCell[] => [
    t(`processing.${role}`),
    ...columns.map((column) => [activity[column]].flat().join('; ')),
    measures.join(' '),
  ];
  return csvStream([
    head,
    ...asController.map((each) => row('asController', each)),
    ...asProcessor.map((each) => row('asProcessor', each)),
  ]);
}
