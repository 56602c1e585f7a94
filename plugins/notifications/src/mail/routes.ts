import { nothing, Problem, redirect, redirectTo, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();
const query = z.strictObject({ token: z.string().regex(/^[\w-]{1,100}$/) });

/** A form, or the bytes of a multipart body. */
const oneClick = z.union([
  z.looseObject({ 'List-Unsubscribe': z.literal('One-Click') }),
  z.instanceof(Buffer).refine((bytes) => /name="?List-Unsubscribe"?\s+One-Click\s/.test(bytes.toString('latin1')), {
    message: 'must be List-Unsubscribe=One-Click (RFC 8058)',
  }),
]);

/** The address of `List-Unsubscribe` (RFC 8058): whoever opens it changes nothing, and a POST unsubscribes. */
export const unsubscribeRoutes = [
  route({
    method: 'GET',
    path: '/unsubscribe',
    summary: 'To the page on which people stop their e-mails',
    permission: 'public',
    session: false,
    audit: { none: 'It only leads to a page.' },
    query,
    responses: { 302: redirect('The page') },
    handler: ({ query: { token } }) => redirectTo(`/meldingen/afmelden?token=${token}`),
  }),
  route({
    method: 'POST',
    path: '/unsubscribe',
    summary: 'Stop the e-mails of whoever the token was made for (RFC 8058)',
    permission: 'public',
    session: false,
    query,
    body: oneClick,
    consumes: ['application/x-www-form-urlencoded', 'multipart/form-data'],
    bodyLimit: 4_096,
    responses: { 204: nothing('No more e-mails') },
    handler: async ({ query: { token }, services: { tokens, preferences } }) => {
      const personId = await tokens.verify(token);
      if (personId === null)
        throw refused('This link is damaged. Open it from the e-mail once more, or change your preferences.');
      await preferences.stopMails(personId);
    },
  }),
];

const refused = (detail: string): Problem =>
  new Problem({ type: 'notifications/not-unsubscribed', status: 400, title: 'Not unsubscribed', detail });
