import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { addressees, wishStates } from './states.js';
import { mostAnswers } from './wishes.js';

const route = routeFor<Cradle>();
const machines = { none: 'People wish.' };
const audit = { none: 'It shows nothing about anybody.' };

const id = z.object({ id: z.uuid() });
const state = z.enum(wishStates);
const wish = z.object({
  id: z.uuid(),
  title: z.string(),
  text: z.string(),
  toolKey: z.string().nullable(),
  state,
  addressee: z.enum(addressees).nullable(),
  providerName: z.string(),
  createdAt: z.date(),
  people: z.int().describe('Number of people who want it'),
  schools: z.int().describe('Number of their schools'),
  votes: z.boolean().describe('Whether the caller wants it'),
  follows: z.boolean(),
});
const answer = z.object({ id: z.uuid(), providerName: z.string(), state, text: z.string(), at: z.date() });
const provider = z.object({ id: z.uuid(), name: z.string(), kind: z.string() });
const mostProviders = 500;

export const wishesRoutes = [
  route({
    method: 'GET',
    path: '/wishes',
    summary: 'Wishes, those that most people want first',
    permission: 'helpdesk:ask',
    machines,
    audit,
    query: z.object({
      q: z.string().trim().max(100).default(''),
      state: z.union([state.transform((one) => [one]), z.array(state).max(wishStates.length)]).default([...wishStates]),
      mine: z.stringbool().default(false),
      handed: z.stringbool().default(false),
      ...pageQuery(50, 100),
    }),
    responses: { 200: z.object({ wishes: z.array(wish).max(100), more: z.boolean() }) },
    async handler({ query: { q, state: states, mine, handed, limit }, request, services: { wishes } }) {
      const found = await wishes.list({ q, states, mine, handed }, limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, (row) => [row.people, row.id], request);
      return reply(200, { wishes: rows, more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/wishes/twins',
    summary: 'Wishes with a title like this one',
    permission: 'helpdesk:wish',
    machines,
    audit,
    query: z.object({ title: z.string().max(150) }),
    responses: { 200: z.object({ wishes: z.array(wish.pick({ id: true, title: true, state: true })).max(5) }) },
    handler: async ({ query: { title }, services: { wishes } }) => ({ wishes: await wishes.twins(title) }),
  }),
  route({
    method: 'GET',
    path: '/wishes/providers',
    summary: 'To whom wishes can be handed',
    permission: 'helpdesk:hand-wishes',
    machines,
    audit,
    responses: { 200: z.object({ providers: z.array(provider).max(mostProviders) }) },
    handler: async ({ services: { wishes } }) => ({ providers: await wishes.providers(mostProviders) }),
  }),
  route({
    method: 'GET',
    path: '/wishes/:id',
    summary: 'A wish with what was answered',
    permission: 'helpdesk:ask',
    machines,
    audit,
    params: id,
    responses: { 200: wish.extend({ answers: z.array(answer).max(mostAnswers), mayAnswer: z.boolean() }) },
    async handler({ params, services: { wishes } }) {
      const { wish: found, answers, mayAnswer } = await wishes.get(params.id);
      return { ...found, answers, mayAnswer };
    },
  }),
  route({
    method: 'POST',
    path: '/wishes',
    summary: 'Add a wish',
    permission: 'helpdesk:wish',
    machines,
    body: z.strictObject({
      title: z.string().trim().min(5).max(150),
      text: z.string().trim().max(2000).default(''),
      toolKey: z.string().max(80).nullable().default(null),
    }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ body, services: { wishes } }) => ({ id: await wishes.add(body) }),
  }),
  route({
    method: 'PUT',
    path: '/wishes/:id/voice',
    summary: 'Say whether you want a wish, and want to hear what comes of it',
    permission: 'helpdesk:wish',
    machines,
    params: id,
    body: z.strictObject({ votes: z.boolean(), follows: z.boolean() }),
    responses: { 204: nothing('Stored') },
    handler: ({ params, body, services: { wishes } }) => wishes.setVoice(params.id, body),
  }),
  route({
    method: 'PUT',
    path: '/wishes/:id/addressee',
    summary: 'Hand a wish to whoever can grant it',
    permission: 'helpdesk:hand-wishes',
    machines,
    params: id,
    body: z.strictObject({ addressee: z.enum(addressees), provider: z.uuid().nullable().default(null) }),
    responses: { 204: nothing('Handed over') },
    handler: ({ params, body, services: { wishes } }) => wishes.handOver(params.id, body.addressee, body.provider),
  }),
  route({
    method: 'POST',
    path: '/wishes/:id/answers',
    summary: 'Answer a wish; all who follow it are told',
    permission: 'helpdesk:answer-wishes',
    machines,
    params: id,
    body: z.strictObject({ state, text: z.string().trim().min(1).max(2000) }),
    responses: { 204: nothing('Answered') },
    handler: ({ params, body, services: { wishes } }) => wishes.answer(params.id, body.state, body.text),
  }),
  route({
    method: 'POST',
    path: '/wishes/:id/merger',
    summary: 'Join a wish to another that says the same',
    permission: 'helpdesk:hand-wishes',
    machines,
    params: id,
    body: z.strictObject({ into: z.uuid() }),
    responses: { 204: nothing('Joined') },
    handler: ({ params, body, services: { wishes } }) => wishes.merge(params.id, body.into),
  }),
];
