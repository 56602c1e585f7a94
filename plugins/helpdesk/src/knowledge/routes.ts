import { html, nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostRevisions } from './articles.js';
import { audiences } from './audiences.js';
import { articlePage } from './documents.js';
import { articleTopic, findArticles, readerRoutes } from './reader-routes.js';
import { articleActionNames } from './states.js';
import { mostOfEach } from './worklist.js';

const route = routeFor<Cradle>();
const machines = { none: 'People write articles.' };
const permission = 'helpdesk:write-articles';
const audit = { none: 'It shows no personal data.' };

const id = z.object({ id: z.uuid() });
const language = z.enum(['nl', 'en', 'fr']);
const states = z.enum(['draft', 'review', 'published', 'archived']);
const day = z.iso.date();

const text = z.object({
  title: z.string().trim().min(1).max(150),
  summary: z.string().trim().max(300),
  body: z.string().max(40_000),
});
const details = z.object({
  audience: z.enum(audiences),
  topic: articleTopic,
  tools: z.array(z.string().trim().min(1).max(80)).max(20),
  reviewBy: day.nullable(),
});
const revision = text.extend({
  language,
  number: z.int(),
  state: states,
  version: z.int(),
  publishedAt: z.date().nullable(),
  updatedAt: z.date(),
});
const listed = z.object({
  id: z.uuid(),
  slug: z.string(),
  audience: z.enum(audiences),
  topic: articleTopic,
  reviewBy: z.string().nullable(),
  title: z.string(),
  states: z
    .array(z.object({ language, state: states }))
    .max(6)
    .describe('Of the revisions that are not archived'),
});
const work = z.object({ id: z.uuid(), slug: z.string(), title: z.string() });

export const knowledgeRoutes = [
  ...readerRoutes,
  findArticles,
  route({
    method: 'GET',
    path: '/articles',
    summary: 'Articles with the states of their texts, by title',
    permission,
    machines,
    audit,
    query: z.object({ q: z.string().trim().max(100).default(''), state: states.optional(), ...pageQuery(50, 100) }),
    responses: { 200: z.object({ articles: z.array(listed).max(100), more: z.boolean() }) },
    async handler({ query: { q, state, limit }, request, services: { articles } }) {
      const found = await articles.list({ q, state: state ?? null }, limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, (row) => [row.title, row.id], request);
      return reply(200, { articles: rows.map(({ review_by, ...row }) => ({ ...row, reviewBy: review_by })), more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/articles/worklist',
    summary: 'What writers have to look at',
    permission,
    machines,
    audit,
    responses: {
      200: z.object({
        inReview: z.array(work.extend({ language })).max(mostOfEach),
        stale: z.array(work.extend({ reviewBy: z.string() })).max(mostOfEach),
        lowRated: z.array(work.extend({ helped: z.int(), notHelped: z.int() })).max(mostOfEach),
        unanswered: z.array(z.object({ words: z.string(), language: z.string(), times: z.int() })).max(mostOfEach),
      }),
    },
    async handler({ services: { worklist } }) {
      const stale = await worklist.stale();
      return {
        inReview: (await worklist.inReview()) as never,
        stale: stale.map(({ review_by, ...row }) => ({ ...row, reviewBy: review_by })),
        lowRated: await worklist.lowRated(),
        unanswered: await worklist.unanswered(),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/articles',
    summary: 'Begin an article with a draft',
    permission,
    machines,
    body: details.extend({ language, ...text.shape }),
    responses: { 201: z.object({ id: z.uuid(), slug: z.string() }) },
    handler: ({ body: { language: own, title, summary, body, ...rest }, services: { articles } }) =>
      articles.create(rest, own, { title, summary, body }),
  }),
  route({
    method: 'GET',
    path: '/articles/:id',
    summary: 'An article with its revisions, the newest first',
    permission,
    machines,
    audit,
    params: id,
    responses: {
      200: details.extend({
        id: z.uuid(),
        slug: z.string(),
        revisions: z.array(revision).max(mostRevisions),
      }),
    },
    async handler({ params, services: { articles } }) {
      const { article, revisions } = await articles.get(params.id);
      const { review_by, slug, audience, topic, tools } = article;
      return {
        ...{ id: article.id, slug, audience, topic, tools, reviewBy: review_by },
        revisions: revisions.map(({ published_at, updated_at, ...row }) => ({
          ...row,
          publishedAt: published_at,
          updatedAt: updated_at,
        })),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/articles/:id',
    summary: 'Change for whom an article is, its topic, tools and day of review',
    permission,
    machines,
    params: id,
    body: details.extend({ confirmAudience: z.boolean().default(false) }),
    responses: { 204: nothing('Changed') },
    handler: ({ params, body: { confirmAudience, ...rest }, services: { articles } }) =>
      articles.setDetails(params.id, rest, confirmAudience),
  }),
  route({
    method: 'PUT',
    path: '/articles/:id/drafts/:language',
    summary: 'Store the draft in a language',
    permission,
    machines,
    params: id.extend({ language }),
    body: text.extend({ version: z.int().nullable().describe('Of the draft that was changed; null: there was none') }),
    responses: { 200: z.object({ version: z.int() }) },
    handler: ({ params, body: { version, ...own }, services: { articles } }) =>
      articles.saveDraft(params.id, params.language, own, version),
  }),
  route({
    method: 'POST',
    path: '/articles/:id/drafts/:language/actions',
    summary: 'Send a draft for review, return it, publish it, or archive what is published',
    permission,
    machines,
    params: id.extend({ language }),
    body: z.strictObject({ action: z.enum(articleActionNames), confirmAudience: z.boolean().default(false) }),
    responses: { 200: z.object({ state: states }) },
    handler: async ({ params, body: { action, confirmAudience }, services: { articles } }) => ({
      state: await articles.act(params.id, params.language, action, confirmAudience),
    }),
  }),
  route({
    method: 'GET',
    path: '/articles/:id/drafts/:language/page',
    summary: 'The draft as its readers would see it',
    permission,
    machines,
    audit,
    params: id.extend({ language }),
    responses: { 200: html('The page') },
    async handler({ params, services: { articles } }) {
      const { article, revisions } = await articles.get(params.id);
      const own = revisions.find((each) => each.language === params.language);
      const { title = '', summary = '', body = '' } = own ?? {};
      const { slug, audience, topic } = article;
      const draft = { id: article.id, slug, audience, topic, title, summary, body, published_at: null, languages: [] };
      return articlePage(
        { language: params.language, signedIn: true, privacyPath: undefined },
        { ...draft, language: params.language },
        true,
      );
    },
  }),
  route({
    method: 'POST',
    path: '/articles/:id/pictures',
    summary: 'Add a picture, which the text then shows by its address',
    permission,
    machines,
    params: id,
    upload: { picture: 'pictures' },
    responses: { 201: z.object({ address: z.string() }) },
    async handler({ params, uploads, services: { articles, files, knex } }) {
      await articles.get(params.id);
      const kept = await files.keep('pictures', uploads.picture, {});
      await knex('article_pictures').insert({ picture_id: kept.id, article_id: params.id });
      return { address: `/api/helpdesk/pictures/${kept.id}` };
    },
  }),
];
