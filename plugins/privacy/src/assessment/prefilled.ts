import type { Language, ReadableRegister } from '@ilearn/core';
import { processorsOf } from '../agreements/agreement-text.js';
import type { Dependencies } from '../dependencies.js';
import { type Translate, translator } from '../documents/messages.js';
import { activitiesOf } from '../register/processing.js';
import type { Flow } from './flows.js';
import { type Question, questions } from './questions.js';

export interface Prefilled {
  flows: Flow[];
  /** What the declarations of the modules answer; empty where only people can. */
  answers: Record<Question, string[]>;
}

/** Data flows and answers as the modules in service declare them now. */
export async function prefilledIn(
  language: Language,
  { privacy, settings }: Pick<Dependencies, 'privacy' | 'settings'>,
): Promise<Prefilled> {
  const t = translator(language);
  const { operator, subProcessors } = await settings.portal();
  const register = await privacy.register(language);
  const activities = activitiesOf(await privacy.purposes(language), register, { language, operator });
  const { reads } = await privacy.readAccess(language);
  const each = (text: (activity: (typeof activities)[number]) => string) => activities.map(text);
  const orNone = (lines: string[]): string[] => (lines.length > 0 ? lines : [t('assessment.none')]);
  return {
    flows: flowsOf(register, reads, t),
    answers: {
      description: each(({ name, why }) => `${name}: ${why}`),
      people: each(({ name, people }) => `${name}: ${people}`),
      necessity: each(({ name, basis, controller }) => `${name}: ${basis}; ${controller}`),
      retention: activities.flatMap(({ retention }) => retention),
      recipients: [...new Set(activities.flatMap(({ recipients }) => recipients)), ...processorsOf(subProcessors)],
      transfers: orNone(activities.flatMap(({ name, transfers }) => transfers.map((transfer) => `${name}: ${transfer}`))),
      special: orNone(activities.flatMap(({ name, special }) => (special === '' ? [] : [`${name}: ${special}`]))),
      rights: [t('assessment.rights')],
      decisions: [t('assessment.decisions')],
      measures: register.measures.lines,
      risks: [],
      advice: [],
    },
  };
}

type Reads = Awaited<ReturnType<Dependencies['privacy']['readAccess']>>['reads'];

function flowsOf(register: ReadableRegister, reads: Reads, t: Translate): Flow[] {
  const roleName = (role: string) => t(`roles.${role}`).replace(/^roles\./, '');
  return register.parts.flatMap(({ id, title, hosts }) => {
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
}

/** Whether the portal answers the same; the order of questions does not matter. */
export const sameAnswers = (one: Prefilled['answers'], other: Prefilled['answers']): boolean =>
  questions.every((question) => one[question]?.join('\n') === other[question].join('\n'));
