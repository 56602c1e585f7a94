import { z } from 'zod';
import { trail, trailStep } from './model.js';

const path = trail.pick({ assignmentId: true, title: true, language: true, area: true, dueOn: true, total: true, done: true });

export const nextStep = z.object({
  path,
  step: trailStep.pick({ id: true, title: true, language: true, kind: true, area: true, minutes: true, state: true }),
});
export type NextStep = z.output<typeof nextStep>;

export const duePath = path.extend({ late: z.boolean().describe('The day is past') });
export type DuePath = z.output<typeof duePath>;
