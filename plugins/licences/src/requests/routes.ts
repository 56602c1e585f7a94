import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { answerText, licenceRequest, offerBody, seenOffer, wish } from './request.js';
import { mostRequests } from './requests.js';

const route = routeFor<Cradle>();
const machines = { none: 'People agree about licences.' } as const;
const noPeople = { none: 'It shows no personal data.' } as const;
const id = z.object({ id: z.uuid() });
const list = z.object({ requests: z.array(licenceRequest).max(mostRequests), more: z.boolean() });

export const requestRoutes = [
  route({
    method: 'GET',
    path: '/schools/:school/requests',
    summary: 'What a school of yours asked providers for, newest first',
    permission: 'licence:school',
    machines,
    audit: noPeople,
    params: z.object({ school: z.uuid() }),
    responses: { 200: list },
    handler: ({ params, services }) => services.requests.ofSchool(params.school),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/requests',
    summary: 'Ask the provider of a tool for a licence',
    permission: 'licence:school',
    machines,
    params: z.object({ school: z.uuid() }),
    body: wish,
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ params, body, services }) => reply(201, { id: await services.requests.ask(params.school, body) }),
  }),
  route({
    method: 'POST',
    path: '/requests/:id/acceptance',
    summary: 'Accept the offer that you saw: the school has the licence then',
    permission: 'licence:school',
    machines,
    params: id,
    body: seenOffer,
    responses: { 204: nothing('Accepted') },
    handler: ({ params, body, services }) => services.requests.accept(params.id, body),
  }),
  route({
    method: 'POST',
    path: '/requests/:id/withdrawal',
    summary: 'Withdraw a request of a school of yours',
    permission: 'licence:school',
    machines,
    params: id,
    responses: { 204: nothing('Withdrawn') },
    handler: ({ params, services }) => services.requests.withdraw(params.id),
  }),
  route({
    method: 'GET',
    path: '/providers/:provider/requests',
    summary: 'What schools asked of a provider of yours, newest first',
    permission: 'licence:provide',
    machines,
    audit: noPeople,
    params: z.object({ provider: z.uuid() }),
    responses: { 200: list },
    handler: ({ params, services }) => services.requests.ofProvider(params.provider),
  }),
  route({
    method: 'POST',
    path: '/requests/:id/offer',
    summary: 'Offer a licence to the school that asked, or change the offer',
    permission: 'licence:provide',
    machines,
    params: id,
    body: offerBody,
    responses: { 204: nothing('Offered') },
    handler: ({ params, body: { offer, ...rest }, services }) => services.requests.offer(params.id, { ...offer, ...rest }),
  }),
  route({
    method: 'POST',
    path: '/requests/:id/refusal',
    summary: 'Decline a request, with the reason',
    permission: 'licence:provide',
    machines,
    params: id,
    body: z.strictObject({ answer: answerText.min(1) }),
    responses: { 204: nothing('Declined') },
    handler: ({ params, body, services }) => services.requests.decline(params.id, body.answer),
  }),
];
