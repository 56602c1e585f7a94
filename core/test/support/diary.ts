import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { plugin, sql } from './fixtures.js';

const route = routeFor<any>();

/** Files that the diary keeps beside its tables, by person. */
export const photos = new Map<string, Uint8Array>();

/** A plugin that holds people in every way that can be declared. */
export const diary = plugin('diary', {
  permissions: { 'diary:use': ['pupil', 'teacher'] },
  tables: {
    pages: {
      tenant: 'school_id',
      people: { pupil_id: 'subject', read_by: 'contact' },
      keep: 'P1Y',
      erase: { pupil_id: 'delete', read_by: 'anonymise' },
      clear: ['remark'],
      purpose: 'safe-environment',
      use: 'writing down how the day was',
    },
    stickers: { tenant: { none: 'a test' }, notPeople: { look: 'a colour' }, keep: { with: 'pages' } },
    clubs: {
      tenant: { none: 'a test' },
      people: { member_ids: 'subject', founder: 'author' },
      keep: { for: 'P2Y', since: 'ended_on' },
      erase: { member_ids: 'delete', founder: 'anonymise' },
      clear: ['motto'],
      withheld: { passphrase: 'a secret of the club' },
      purpose: 'safe-environment',
      use: 'doing things together',
      recipients: ['the town library'],
    },
  },
  migrations: [
    sql(
      '0001',
      `create table pages (
         id uuid primary key default gen_random_uuid(), school_id uuid not null, pupil_id uuid not null, read_by uuid,
         text text not null, remark text not null default '', updated_at timestamptz not null default now());
       create index on pages (pupil_id);
       create table stickers (page_id uuid not null references pages on delete cascade, look jsonb not null);
       create table clubs (
         name text primary key, member_ids uuid[] not null, founder text not null, motto text, passphrase text, ended_on date);`,
    ),
  ],
  privacy: {
    export: async ({ personId }) => ({
      data: { photos: photos.has(personId) ? 1 : 0 },
      files: photos.has(personId) ? { 'photos/me.jpg': photos.get(personId) as Uint8Array } : {},
    }),
    erase: async ({ personId }) => void photos.delete(personId),
  },
  jobs: {
    remind: { payload: z.object({ person: z.uuid() }), handler() {} },
    fail: {
      payload: z.object({ person: z.uuid() }),
      retries: 0,
      handler() {
        throw new Error('no');
      },
    },
  },
  routes: [
    route({
      method: 'GET',
      path: '/pages',
      summary: 'Pages of your tenants',
      permission: 'diary:use',
      machines: { none: 'a test' },
      responses: { 200: z.object({ pages: z.int() }) },
      handler: async ({ services: { knex } }) => ({ pages: Number((await knex('pages').count('* as n').first()).n) }),
    }),
    route({
      method: 'GET',
      path: '/pupils/:pupil/pages/:nick',
      summary: 'Pages of one pupil',
      permission: 'diary:use',
      machines: { none: 'a test' },
      params: z.object({ pupil: z.uuid(), nick: z.string() }),
      responses: { 200: z.object({ pages: z.int() }), 404: z.object({}) },
      handler: async ({ services: { knex }, params: { pupil, nick } }) => {
        if (nick === 'gone') return reply(404, {});
        return { pages: Number((await knex('pages').where('pupil_id', pupil).count('* as n').first()).n) };
      },
    }),
    route({
      method: 'GET',
      path: '/colours',
      summary: 'Colours of paper',
      permission: 'public',
      audit: { none: 'It shows no personal data.' },
      responses: { 200: z.array(z.string()) },
      handler: () => ['white'],
    }),
    route({
      method: 'POST',
      path: '/pages',
      summary: 'Write a page of your own',
      permission: 'diary:use',
      machines: { none: 'a test' },
      body: z.object({ tenant: z.uuid(), text: z.string() }),
      responses: { 204: nothing('Written') },
      handler: async ({ services: { knex }, principal, body: { tenant, text } }) => {
        await knex('pages').insert({ school_id: tenant, pupil_id: principal.id, text });
        if (text === 'boom') throw new Error('torn');
      },
    }),
  ],
});
