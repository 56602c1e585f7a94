import type { Language } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { facts, html, sheet } from '../documents/html.js';
import { dayIn, translator } from '../documents/messages.js';
import { activitiesOf } from '../register/processing.js';
import { factsOf } from '../register/sheet.js';

/** The articles, in the order of GDPR art. 28(3); their texts are messages. */
const articles = [
  ...(['subject', 'instructions', 'confidentiality', 'security', 'processors', 'rights', 'assistance', 'incidents'] as const),
  ...(['end', 'audits', 'changes'] as const),
];

export interface AgreementParts {
  school: string;
  version: number;
  /** When it was accepted; null for a draft. */
  acceptedAt: Date | null;
  language: Language;
}

/** The agreement with its annexes, made from the register as it is now. Names no person. */
export async function agreementText(
  { privacy, settings }: Pick<Dependencies, 'privacy' | 'settings'>,
  { school, version, acceptedAt, language }: AgreementParts,
): Promise<string> {
  const t = translator(language);
  const { operator, operatorContact, subProcessors } = await settings.portal();
  const register = await privacy.register(language);
  const purposes = (await privacy.purposes(language)).filter(({ controller }) => controller !== 'operator');
  const activities = activitiesOf(purposes, register, { language, operator });
  const modules = register.parts
    .map(({ id, title, hosts }) => ({
      title,
      hosts,
      data: register.records.filter(({ plugin }) => plugin === id).map(({ title: what }) => what),
      recipients: [...new Set(register.records.filter(({ plugin }) => plugin === id).map(({ recipients }) => recipients))],
    }))
    .filter(({ hosts, data }) => hosts.length + data.length > 0);
  const processors = processorsOf(subProcessors);
  const name = operator || t('processing.operator');
  const body = html`<p>${t('agreement.between', { school, operator: [name, operatorContact].filter(Boolean).join(', ') })}</p>
<p>${
    acceptedAt === null
      ? t('agreement.draft', { version })
      : t('agreement.accepted', { version, date: dayIn(language, acceptedAt), school })
  }</p>
<ol>${articles.map((each) => html`<li><strong>${t(`agreement.articles.${each}.title`)}.</strong> ${t(`agreement.articles.${each}.text`)}</li>`)}</ol>
<h2>${t('agreement.annexes.processing')}</h2>
${activities.map((each) => html`<section><h3>${each.name}</h3>${facts(factsOf(each, t))}</section>`)}
<h2>${t('agreement.annexes.modules')}</h2>
${modules.map(
  ({ title, hosts, data, recipients }) =>
    html`<section><h3>${title}</h3>${facts([
      [t('processing.columns.data'), data],
      [t('agreement.hosts'), hosts],
      [t('processing.columns.recipients'), recipients.filter(Boolean)],
    ])}</section>`,
)}
<h2>${t('agreement.annexes.processors')}</h2>
${processors.length === 0 ? html`<p>${t('agreement.noProcessors')}</p>` : html`<ul>${processors.map((each) => html`<li>${each}</li>`)}</ul>`}
<h2>${t('agreement.annexes.measures')}</h2><ul>${register.measures.lines.map((each) => html`<li>${each}</li>`)}</ul>`;
  return sheet({ language, title: t('agreement.heading', { school }), body });
}

/** One processor a line. */
export const processorsOf = (lines: string): string[] =>
  lines
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
