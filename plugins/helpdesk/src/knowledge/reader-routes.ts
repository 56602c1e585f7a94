import { fileAnswers, html, type Principal, Problem, redirect, redirectTo, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { articlePage, busyPage, listPage, missingPage } from './documents.js';
import { articleTopics } from './topics.js';

const route = routeFor<Cradle>();
const audit = { none: 'It shows no personal data.' };
const languages = ['nl', 'en', 'fr'] as const;
const query = z.object({ taal: z.enum(languages).optional().catch(undefined) });
const slug = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });
export const mostListed = 200;
const mostFound = 30;
const mostAbout = 6;
/** In an hour from one address, of people who are not signed in: a whole school may have the same. */
const mostSearches = 600;
const mostVotes = 30;

/** Whether somebody may search now; people with an account may as often as they like. */
const maySearch = async ({ throttle }: Cradle, principal: Principal, address: string): Promise<boolean> =>
  principal.kind === 'person' || (await throttle.count('search', address, mostSearches)) === 0;

const readerOf = ({ contributions }: Cradle, { kind }: Principal, language: string) => ({
  language,
  signedIn: kind === 'person',
  privacyPath: contributions.of('privacy-pages')[0]?.value.path,
});

const suggestion = z.object({ slug: z.string(), title: z.string(), summary: z.string(), language: z.string() });

export const readerRoutes = [
  route({
    method: 'GET',
    path: '/reader',
    summary: 'Page with the articles that the reader may read, or with those that were found',
    permission: 'public',
    audit,
    query: query.extend({
      q: z.string().trim().max(100).default(''),
      over: z.enum(articleTopics).nullable().catch(null).describe('Topic of the page from which the reader comes'),
      pagina: z.string().trim().max(100).catch('').describe('Title of that page; finds articles, and is not shown'),
    }),
    responses: { 200: html('The page', { compressed: true }), 429: html('Too many searches came from here in the last hour') },
    async handler({ query: { taal, q, over, pagina }, request, principal, services }) {
      const { articleSearch } = services;
      const language = taal ?? request.language;
      const reader = readerOf(services, principal, language);
      if (q !== '' && !(await maySearch(services, principal, request.address))) return busyPage(reader);
      const most = q === '' ? mostListed : mostFound;
      const found = await articleSearch.search(q, language, most + 1);
      if (found.length === 0 && q !== '') await articleSearch.noteUnanswered(q, language);
      const helps = q === '' && (over !== null || pagina !== '');
      const about = helps ? await articleSearch.about(over, pagina, language, mostAbout) : [];
      return listPage(reader, { q, found: found.slice(0, most), more: found.length > most, about, topic: over });
    },
  }),
  route({
    method: 'GET',
    path: '/reader/:slug',
    summary: 'Page with an article',
    permission: 'public',
    audit,
    params: z.object({ slug: z.string().max(200) }),
    query: query.extend({ dank: z.string().optional() }),
    responses: { 200: html('The page', { compressed: true }), 404: html('There is no such article for this reader') },
    async handler({ params, query: { taal, dank }, request, principal, services }) {
      const { articleReader } = services;
      const language = taal ?? request.language;
      const reader = readerOf(services, principal, language);
      try {
        return articlePage(reader, await articleReader.get(params.slug, language), dank !== undefined);
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return missingPage(reader);
        throw error;
      }
    },
  }),
  route({
    method: 'POST',
    path: '/reader/:slug/votes',
    summary: 'Say whether an article helped; only the number is kept',
    permission: 'public',
    consumes: ['application/x-www-form-urlencoded', 'application/json'],
    params: slug,
    query,
    body: z.object({ helped: z.enum(['yes', 'no']) }),
    responses: { 303: redirect('To the article') },
    async handler({ params, query: { taal }, body: { helped }, request, principal, services: { articleReader, throttle } }) {
      const language = taal ?? request.language;
      // What is too much is not counted; whoever voted is thanked all the same.
      const counts = principal.kind === 'person' || (await throttle.count('vote', request.address, mostVotes)) === 0;
      if (counts) await articleReader.vote(params.slug, language, helped === 'yes');
      return redirectTo(`/hulp/${params.slug}?taal=${language}&dank=1`, 303);
    },
  }),
  route({
    method: 'GET',
    path: '/pictures/:id',
    summary: 'A picture of an article',
    permission: 'public',
    audit,
    params: z.object({ id: z.uuid() }),
    responses: fileAnswers,
    async handler({ params: { id }, principal, services: { articleReader, files } }) {
      const writes = principal.roles.some(({ tenant, role }) => tenant === null && writers.includes(role));
      await articleReader.mayShow(id, writes);
      return files.open('pictures', id);
    },
  }),
  route({
    method: 'GET',
    path: '/suggestions',
    summary: 'Articles that may answer a question while it is written',
    permission: 'public',
    audit,
    query: z.object({
      text: z.string().max(1000).default(''),
      tool: z.string().max(80).optional(),
      language: z.enum(languages).default('nl'),
    }),
    responses: { 200: z.object({ articles: z.array(suggestion).max(3) }) },
    async handler({ query: { text, tool, language }, principal, request, services }) {
      if (!(await maySearch(services, principal, request.address))) return { articles: [] };
      return { articles: await services.articleSearch.suggest(text, tool ?? null, language, 3) };
    },
  }),
];

/** Roles in the whole portal with `helpdesk:write-articles`; they see the pictures of drafts. */
const writers = ['helpdesk-agent', 'portal-administrator'];

/** The source of the search box. */
export const findArticles = route({
  method: 'GET',
  path: '/search/articles',
  summary: 'Articles in which a text is found',
  permission: 'signed-in',
  mayLag: true,
  machines: { none: 'People search.' },
  audit,
  timeoutMs: 5_000,
  query: z.object({ q: z.string().trim().min(2).max(100), limit: z.coerce.number().int().min(1).max(20).default(6) }),
  responses: {
    200: z.object({
      results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20),
      more: z.boolean(),
    }),
  },
  async handler({ query: { q, limit }, request, services: { articleSearch } }) {
    const found = await articleSearch.search(q, request.language, limit + 1);
    return {
      results: found
        .slice(0, limit)
        .map(({ title, summary, slug: part }) => ({ title, detail: summary, place: `/hulp/${part}` })),
      more: found.length > limit,
    };
  },
});

export const articleTopic = z.enum(articleTopics);
