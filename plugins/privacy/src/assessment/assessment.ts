import type { Language } from '@ilearn/core';
import { processorsOf } from '../agreements/agreement-text.js';
import type { Dependencies } from '../dependencies.js';
import { facts, html, sheet } from '../documents/html.js';
import { dayIn, translator } from '../documents/messages.js';
import { activitiesOf } from '../register/processing.js';
import { flowPicture } from './flows.js';

/** The assessment for paper: data flows, and the questions of GDPR art. 35(7) with what the declarations answer. */
export async function assessmentSheet(
  { privacy, settings, clock }: Pick<Dependencies, 'privacy' | 'settings' | 'clock'>,
  language: Language,
): Promise<string> {
  const t = translator(language);
  const { operator, subProcessors } = await settings.portal();
  const register = await privacy.register(language);
  const { reads } = await privacy.readAccess(language);
  const purposes = await privacy.purposes(language);
  const activities = activitiesOf(purposes, register, { language, operator });
  const roleName = (role: string) => t(`roles.${role}`).replace(/^roles\./, '');
  const flows = register.parts.flatMap(({ id, title, hosts }) => {
    const own = register.records.filter(({ plugin }) => plugin === id);
    const who = reads.filter(({ plugin, personal }) => plugin === id && personal).flatMap((read) => read.who);
    const readers = [...new Set(who)].map((each) =>
      each === 'signed-in' || each === 'public' ? t(`matrix.everyone.${each}`) : roleName(each),
    );
    const outside = [...hosts, ...new Set(own.map(({ recipients }) => recipients).filter(Boolean))];
    return own.length + outside.length === 0
      ? []
      : [{ module: title, data: own.map(({ title: what }) => what), readers, outside }];
  });
  const each = (text: (activity: (typeof activities)[number]) => string) => activities.map(text);
  const answers: [question: string, answer: string[]][] = [
    ['description', each(({ name, why }) => `${name}: ${why}`)],
    ['people', each(({ name, people }) => `${name}: ${people}`)],
    ['necessity', each(({ name, basis, controller }) => `${name}: ${basis}; ${controller}`)],
    ['retention', activities.flatMap(({ retention }) => retention)],
    ['recipients', [...new Set(activities.flatMap(({ recipients }) => recipients)), ...processorsOf(subProcessors)]],
    ['transfers', orNone(activities.flatMap(({ name, transfers }) => transfers.map((transfer) => `${name}: ${transfer}`)))],
    ['special', orNone(activities.flatMap(({ name, special }) => (special === '' ? [] : [`${name}: ${special}`])))],
    ['rights', [t('assessment.rights')]],
    ['decisions', [t('assessment.decisions')]],
    ['measures', register.measures.lines],
    ['risks', []],
    ['advice', []],
  ];
  function orNone(lines: string[]): string[] {
    return lines.length > 0 ? lines : [t('assessment.none')];
  }
  const picture = flowPicture(flows, {
    title: t('assessment.flows'),
    readers: t('assessment.readers'),
    portal: t('assessment.portal'),
    outside: t('assessment.outside'),
  });
  const body = html`<p>${t('assessment.lead', { date: dayIn(language, clock.now()) })}</p>
<h2>${t('assessment.flows')}</h2>${picture}
<h2>${t('assessment.questions')}</h2>
${answers.map(
  ([question, lines]) =>
    html`<section><h3>${t(`assessment.ask.${question}`)}</h3>${
      lines.length === 0
        ? html`<p>${t('assessment.toFill')}</p><p>……………………………………………………………………………</p>`
        : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`
    }</section>`,
)}
${facts([[t('assessment.decidedBy'), '……………………………………']])}`;
  return sheet({ language, title: t('assessment.title'), body });
}
