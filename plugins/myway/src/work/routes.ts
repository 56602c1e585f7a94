import { fileAnswers, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostBlocks, mostFiles } from '../paths/limits.js';
import { text } from '../text.js';
import { answers, branchWay, feedback, quizResult, work } from './model.js';

const route = routeFor<Cradle>();
const ofStep = z.object({ assignmentId: z.uuid(), stepId: z.uuid() });
const ofPupil = z.object({ assignmentId: z.uuid(), pupilId: z.uuid() });
const ofWork = ofPupil.extend({ stepId: z.uuid() });
const own = { permission: 'path:walk', machines: { none: 'It concerns the signed-in pupil.' } } as const;
const followed = {
  permission: 'progress:read',
  machines: { none: 'What a pupil made is for the teachers of the class.' },
} as const;
const ways = z.object({ branches: z.array(branchWay).max(mostBlocks) });

export const workRoutes = [
  route({
    method: 'POST',
    path: '/my-paths/:assignmentId/steps/:stepId/answers',
    summary: 'Answer the questions of a quiz: what is right, and the score',
    ...own,
    params: ofStep,
    body: answers,
    responses: { 200: quizResult },
    async handler({ params: { assignmentId, stepId }, body, services }) {
      const { given, marked } = await services.stepWork.answer(assignmentId, stepId, body.answers, body.attempt);
      return {
        score: { given, maximum: marked.length },
        answers: marked,
        trail: await services.trails.one(assignmentId),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/my-paths/:assignmentId/steps/:stepId/work',
    summary: 'What the pupil handed in for a task, and the teacher’s answer',
    ...own,
    params: ofStep,
    responses: { 200: work },
    handler: ({ params: { assignmentId, stepId }, services }) => services.stepWork.own(assignmentId, stepId),
  }),
  route({
    method: 'POST',
    path: '/my-paths/:assignmentId/steps/:stepId/work',
    summary: 'Hand in work for a task, in the place of what was handed in before',
    ...own,
    params: ofStep,
    body: z.object({ text: text(20_000).default('') }),
    upload: { files: { kind: 'work', min: 0, max: mostFiles } },
    responses: { 200: work },
    handler: ({ params: { assignmentId, stepId }, body, uploads, services }) =>
      services.stepWork.handIn(assignmentId, stepId, body.text, uploads.files),
  }),
  route({
    method: 'GET',
    path: '/work/:fileId',
    summary: 'A file that the pupil handed in',
    ...own,
    params: z.object({ fileId: z.uuid() }),
    query: z.object({ thumbnail: z.stringbool().default(false) }),
    responses: fileAnswers,
    async handler({ params: { fileId }, query, services }) {
      await services.stepWork.checkFile(fileId);
      return services.files.open('work', fileId, query);
    },
  }),
  route({
    method: 'GET',
    path: '/pupil-work/:fileId',
    summary: 'A file that a pupil of the teacher’s class handed in',
    ...followed,
    params: z.object({ fileId: z.uuid() }),
    query: z.object({ thumbnail: z.stringbool().default(false) }),
    responses: fileAnswers,
    async handler({ params: { fileId }, query, services }) {
      await services.stepWork.checkFile(fileId);
      return services.files.open('work', fileId, query);
    },
  }),
  route({
    method: 'GET',
    path: '/assignments/:assignmentId/pupils/:pupilId/steps/:stepId/work',
    summary: 'What a pupil handed in for a task',
    ...followed,
    params: ofWork,
    responses: { 200: work },
    handler: ({ params: { assignmentId, pupilId, stepId }, services }) =>
      services.stepWork.ofPupil(assignmentId, pupilId, stepId),
  }),
  route({
    method: 'POST',
    path: '/assignments/:assignmentId/pupils/:pupilId/steps/:stepId/feedback',
    summary: 'Answer what a pupil handed in; 409 if there is nothing',
    ...followed,
    params: ofWork,
    body: feedback,
    responses: { 200: work },
    handler: ({ params: { assignmentId, pupilId, stepId }, body, services }) =>
      services.stepWork.feedback(assignmentId, pupilId, stepId, body),
  }),
  route({
    method: 'GET',
    path: '/assignments/:assignmentId/pupils/:pupilId/branches',
    summary: 'The way that a pupil follows at each branch of the path',
    ...followed,
    params: ofPupil,
    responses: { 200: ways },
    handler: async ({ params: { assignmentId, pupilId }, services }) => ({
      branches: await services.stepWork.ways(assignmentId, pupilId),
    }),
  }),
  route({
    method: 'PUT',
    path: '/assignments/:assignmentId/pupils/:pupilId/branches/:block',
    summary: 'Choose the way of a pupil at a branch, or let the branch decide',
    ...followed,
    params: ofPupil.extend({ block: z.string().max(40) }),
    body: z.object({ arm: z.string().max(40).nullable().describe('Id of the way; null: the branch decides') }),
    responses: { 200: ways },
    handler: async ({ params: { assignmentId, pupilId, block }, body, services }) => ({
      branches: await services.stepWork.choose(assignmentId, pupilId, block, body.arm),
    }),
  }),
];
