import type { PortalElement } from '@ilearn/ui';
import type { PathContent } from './model.js';
import type { StepContent } from './structure.js';

/** Paths to begin with, which a teacher fills in. */
export const templates = ['empty', 'test', 'choice', 'project'] as const;
export type Template = (typeof templates)[number];

/** The steps and blocks of a template, in the language of the teacher. */
export function templateContent(element: PortalElement, template: Template): Pick<PathContent, 'steps' | 'blocks'> {
  const step = (ref: string, content: StepContent, key: string, place: { block?: string; arm?: string } = {}) => ({
    ref,
    activityId: null,
    content,
    title: element.t(`templates.steps.${key}`),
    note: '',
    required: true,
    after: [],
    block: place.block ?? null,
    arm: place.arm ?? null,
  });
  const task: StepContent = { kind: 'task', text: element.t('own.taskText'), maximum: null };
  const moment: StepContent = { kind: 'moment', text: element.t('own.momentText') };
  const quiz: StepContent = {
    kind: 'quiz',
    questions: [{ kind: 'word', text: element.t('own.quizText'), answers: [element.t('own.quizAnswer')] }],
  };
  switch (template) {
    case 'empty':
      return { steps: [], blocks: [] };
    case 'test':
      return {
        steps: [
          step('test', quiz, 'test'),
          step('help', moment, 'help', { block: 'mark', arm: 'help' }),
          step('on', task, 'onward', { block: 'mark', arm: 'onward' }),
        ],
        blocks: [
          {
            id: 'mark',
            kind: 'branch',
            title: '',
            on: 'score',
            step: 'test',
            tries: 3,
            arms: [
              { id: 'help', title: element.t('block.lowWay'), from: 0, again: true },
              { id: 'onward', title: element.t('block.highWay'), from: 0.6, again: false },
            ],
          },
        ],
      };
    case 'choice':
      return {
        steps: [1, 2, 3, 4].map((nth) => ({
          ...step(`task-${nth}`, task, 'task', { block: 'choice' }),
          title: element.t('templates.steps.taskNumber', { number: nth }),
        })),
        blocks: [{ id: 'choice', kind: 'choice', title: element.t('templates.chooseTwo'), pick: 2 }],
      };
    case 'project':
      return {
        steps: [step('plan', moment, 'plan'), step('make', task, 'make'), step('show', moment, 'show')],
        blocks: [],
      };
  }
}
