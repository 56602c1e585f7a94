import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { foci } from '../activities/foci.js';
import { activitySummary } from '../activities/model.js';
import type { Cradle } from '../cradle.js';
import { line, multiline } from '../input.js';
import { mostFavourites, mostNotes, ratingWords } from './opinions.js';
import { mostInSelection, mostSelections } from './selections.js';

const route = routeFor<Cradle>();
const id = z.object({ id: z.uuid() });
const rating = z.object({ word: z.enum(ratingWords), note: z.string() });
const personal = { none: 'It concerns the signed-in person and colleagues.' };
const shown = { none: 'It shows no personal data.' };

const selection = z.object({
  id: z.uuid(),
  focus: z.enum(foci).nullable().describe('A didactic focus of the whole portal; null: a selection of a school'),
  title: z.string(),
  word: z.string().describe('The editor’s word'),
  mayChange: z.boolean(),
});
const given = z.strictObject({ title: line(120).min(1), word: multiline(2_000).default('') });

export const colleagueRoutes = [
  route({
    method: 'GET',
    path: '/activities/:id/opinions',
    summary: 'Favourites, ratings and notes of your schools on an activity',
    permission: 'library:write',
    machines: personal,
    audit: { none: 'Notes are shown without who wrote them.' },
    params: id,
    responses: {
      200: z.object({
        favourite: z.boolean(),
        favourites: z.int(),
        rating: rating.nullable(),
        counts: z.array(z.object({ word: z.enum(ratingWords), count: z.int() })).max(ratingWords.length),
        notes: z.array(rating.extend({ at: z.date() })).max(mostNotes),
        more: z.boolean().describe('Whether there are older notes'),
      }),
    },
    handler: ({ params, services: { colleagueOpinions } }) => colleagueOpinions.of(params.id),
  }),
  route({
    method: 'PUT',
    path: '/activities/:id/favourite',
    summary: 'Add an activity to your favourites, or remove it',
    permission: 'library:write',
    machines: personal,
    params: id,
    body: z.strictObject({ on: z.boolean() }),
    responses: { 204: nothing('Stored') },
    async handler({ params, body, services: { colleagueOpinions } }) {
      await colleagueOpinions.setFavourite(params.id, body.on);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/favourites',
    summary: 'Your favourites, newest first',
    permission: 'library:write',
    machines: personal,
    audit: { none: 'The favourites of whoever asks.' },
    responses: { 200: z.object({ activities: z.array(activitySummary).max(mostFavourites), more: z.boolean() }) },
    handler: ({ services: { colleagueOpinions } }) => colleagueOpinions.favourites(),
  }),
  route({
    method: 'PUT',
    path: '/activities/:id/rating',
    summary: 'Rate an activity in one word, with a note to colleagues of your school',
    permission: 'library:write',
    machines: personal,
    params: id,
    body: z.strictObject({ word: z.enum(ratingWords), note: multiline(500).default('') }),
    responses: { 204: nothing('Stored') },
    async handler({ params, body, services: { colleagueOpinions } }) {
      await colleagueOpinions.rate(params.id, body);
      return reply(204);
    },
  }),
  route({
    method: 'DELETE',
    path: '/activities/:id/rating',
    summary: 'Withdraw your rating',
    permission: 'library:write',
    machines: personal,
    params: id,
    responses: { 204: nothing('Withdrawn') },
    async handler({ params, services: { colleagueOpinions } }) {
      await colleagueOpinions.rate(params.id, null);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/selections',
    summary: 'Didactic foci, and selections of your schools',
    permission: 'library:read',
    machines: { scope: 'activities:read' },
    audit: shown,
    responses: { 200: z.object({ selections: z.array(selection).max(mostSelections), more: z.boolean() }) },
    handler: ({ services: { selections } }) => selections.list(),
  }),
  route({
    method: 'GET',
    path: '/selections/:id',
    summary: 'A selection with its activities',
    permission: 'library:read',
    machines: { scope: 'activities:read' },
    audit: shown,
    params: id,
    responses: { 200: selection.extend({ activities: z.array(activitySummary).max(mostInSelection), more: z.boolean() }) },
    handler: ({ params, services: { selections } }) => selections.get(params.id),
  }),
  route({
    method: 'POST',
    path: '/selections',
    summary: 'Make a selection for your school',
    permission: 'library:select',
    machines: { none: 'Teachers choose.' },
    body: given.extend({ school: z.uuid().optional().describe('One of your schools; by default the first') }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ body, services: { selections } }) => reply(201, { id: await selections.create(body) }),
  }),
  route({
    method: 'PUT',
    path: '/selections/:id',
    summary: 'Change the title and the word of a selection',
    permission: 'library:select',
    machines: { none: 'Teachers and editors choose.' },
    params: id,
    body: given,
    responses: { 204: nothing('Stored') },
    async handler({ params, body, services: { selections } }) {
      await selections.change(params.id, body);
      return reply(204);
    },
  }),
  route({
    method: 'DELETE',
    path: '/selections/:id',
    summary: 'Remove a selection of your school; its activities stay',
    permission: 'library:select',
    machines: { none: 'Teachers choose.' },
    params: id,
    responses: { 204: nothing('Removed') },
    async handler({ params, services: { selections } }) {
      await selections.remove(params.id);
      return reply(204);
    },
  }),
  route({
    method: 'PUT',
    path: '/selections/:id/activities/:activity',
    summary: 'Put an activity in a selection, or take it out',
    permission: 'library:select',
    machines: { none: 'Teachers and editors choose.' },
    params: z.object({ id: z.uuid(), activity: z.uuid() }),
    body: z.strictObject({ on: z.boolean() }),
    responses: { 204: nothing('Stored') },
    async handler({ params, body, services: { selections } }) {
      await selections.put(params.id, params.activity, body.on);
      return reply(204);
    },
  }),
];
