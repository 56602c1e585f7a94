import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { plugin, sql } from './fixtures.js';

const route = routeFor<any>();
const person = z.object({ person: z.uuid() });

class Reading {
  constructor(private readonly cradle: any) {}

  scores(): Promise<string[]> {
    return this.cradle.knex('scores').orderBy('id').pluck('pupil_id');
  }
}

/** A plugin with data that people may object to, that need consent, and that may be restricted. */
export const survey = plugin('survey', {
  permissions: { 'survey:use': ['teacher', 'pupil'] },
  purposes: {
    improving: { controller: 'operator', basis: 'legitimate-interests', recipients: [] },
    studying: { controller: 'joint', basis: 'consent', recipients: [] },
    helping: { controller: 'tenant', basis: 'contract', recipients: [] },
  },
  tables: {
    opinions: {
      tenant: 'school_id',
      people: { person_id: 'author', about: 'contact' },
      keep: 'P1Y',
      erase: { person_id: 'delete', about: 'anonymise' },
      purpose: 'improving',
      use: 'knowing what people think',
    },
    clicks: {
      tenant: { none: 'a test' },
      people: { people: 'subject' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'improving',
      use: 'knowing what people click on',
    },
    answers: {
      tenant: { none: 'a test' },
      people: { person_id: 'subject' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'studying',
      use: 'a study',
    },
    scores: {
      tenant: 'school_id',
      people: { pupil_id: 'subject', marked_by: 'author' },
      keep: 'P1Y',
      erase: { pupil_id: 'delete', marked_by: 'anonymise' },
      purpose: 'helping',
      use: 'marking work',
    },
    remarks: {
      tenant: 'school_id',
      people: { pupil_id: 'subject' },
      keep: { with: 'scores' },
      erase: 'delete',
      purpose: 'helping',
      use: 'telling how it was',
    },
    names: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'helping',
      use: 'knowing who is who',
      restriction: { shown: 'Without names nobody could be found.' },
    },
  },
  services: { reading: Reading },
  exports: { services: ['reading'] },
  migrations: [
    sql(
      '0001',
      `create table opinions (id int generated always as identity primary key, school_id uuid not null, person_id uuid not null, about text,
         text text not null, updated_at timestamptz not null default now());
       create table clicks (people text[] not null, place text not null, updated_at timestamptz not null default now());
       create table answers (person_id uuid, text text not null, updated_at timestamptz not null default now());
       create table scores (id int generated always as identity primary key, school_id uuid not null, pupil_id uuid not null, marked_by uuid,
         score int not null, updated_at timestamptz not null default now());
       create index on scores (pupil_id);
       create table remarks (score_id int not null references scores on delete cascade, school_id uuid not null, pupil_id uuid not null,
         text text not null);
       create table names (person_id uuid primary key, school_id uuid not null, name text not null,
         updated_at timestamptz not null default now());`,
    ),
  ],
  routes: [
    route({
      method: 'GET',
      path: '/scores',
      summary: 'Whose scores there are',
      permission: 'survey:use',
      machines: { none: 'a test' },
      responses: { 200: z.object({ of: z.array(z.string()).max(100) }) },
      handler: async ({ services: { knex } }) => ({ of: await knex('scores').orderBy('id').limit(100).pluck('pupil_id') }),
    }),
    route({
      method: 'POST',
      path: '/scores',
      summary: 'Stores a score',
      permission: 'survey:use',
      machines: { none: 'a test' },
      body: person.extend({ school: z.uuid() }),
      responses: { 204: nothing('stored') },
      handler: async ({ body, services: { knex } }) => {
        await knex('scores').insert({ school_id: body.school, pupil_id: body.person, score: 1 });
      },
    }),
    route({
      method: 'PUT',
      path: '/scores',
      summary: 'Changes every score that you see',
      permission: 'survey:use',
      machines: { none: 'a test' },
      responses: { 200: z.object({ changed: z.int() }) },
      handler: async ({ services: { knex } }) => ({ changed: await knex('scores').update({ score: 9 }) }),
    }),
    route({
      method: 'PUT',
      path: '/names',
      summary: 'Changes a name',
      permission: 'survey:use',
      machines: { none: 'a test' },
      body: person,
      responses: { 200: z.object({ changed: z.int() }) },
      handler: async ({ body, services: { knex } }) => ({
        changed: await knex('names').where({ person_id: body.person }).update({ name: 'other' }),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/scores/:id',
      summary: 'Deletes a score with its remarks',
      permission: 'survey:use',
      machines: { none: 'a test' },
      params: z.object({ id: z.coerce.number().int() }),
      responses: { 200: z.object({ deleted: z.int() }) },
      handler: async ({ params, services: { knex } }) => ({ deleted: await knex('scores').where(params).delete() }),
    }),
  ],
});

/** A plugin in which officers answer what people ask about their data. */
export const office = plugin('office', {
  requires: { survey: '^1.0.0' },
  privileges: ['privacy'],
  permissions: { 'office:answer': ['officer'] },
  routes: [
    route({
      method: 'GET',
      path: '/scores',
      summary: 'Whose scores there are, for whoever answers a request',
      permission: 'office:answer',
      machines: { none: 'a test' },
      responses: { 200: z.object({ of: z.array(z.string()).max(100) }) },
      handler: async ({ services: { survey: of } }) => ({ of: await of.reading.scores() }),
    }),
    route({
      method: 'GET',
      path: '/own/scores',
      summary: 'Whose scores there are, for anybody',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: z.object({ of: z.array(z.string()).max(100) }) },
      handler: async ({ services: { survey: of } }) => ({ of: await of.reading.scores() }),
    }),
  ],
});
