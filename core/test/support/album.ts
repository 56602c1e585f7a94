import { fileAnswers, nothing, type PluginDefinition, routeFor } from '@ilearn/core';
import type { TestClient } from '@ilearn/core/testing';
import { z } from 'zod';
import { lotte, north, plugin } from './fixtures.js';

const route = routeFor<any>();
const MEGABYTE = 1024 * 1024;

export const texts = ['text/plain', 'text/csv', 'application/pdf', 'application/zip'];

const ofPupil = {
  tenant: 'school_id',
  people: { owner_id: 'subject' },
  keep: 'P1Y',
  erase: 'delete',
  purpose: 'safe-environment',
  use: 'showing work',
} as const;

export const files = {
  works: { ...ofPupil, types: texts, maxBytes: 2 * MEGABYTE },
  photos: { ...ofPupil, types: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 5 * MEGABYTE },
  diaries: { ...ofPupil, types: ['text/plain', 'image/png'], maxBytes: MEGABYTE, encrypt: true },
  rules: { tenant: { none: 'the same for everyone' }, types: ['text/plain'], maxBytes: 1_000 },
};

const address = z.strictObject({ tenant: z.uuid().default(north), owner: z.uuid().default(lotte) });
const kept = { 201: z.object({ id: z.uuid(), name: z.string(), type: z.string(), bytes: z.int() }) };

const keeping = (kind: string) =>
  route({
    method: 'POST',
    path: `/${kind}`,
    summary: `Hand in one of ${kind}`,
    permission: 'album:use',
    machines: { none: 'a test' },
    body: address,
    upload: { file: kind },
    responses: kept,
    handler: ({ services: { files: service }, body, uploads: { file } }) =>
      service.keep(kind, file, { tenant: body.tenant, people: { owner_id: body.owner } }),
  });

const sending = (kind: string) =>
  route({
    method: 'GET',
    path: `/${kind}/:id`,
    summary: `One of ${kind}`,
    permission: 'album:use',
    machines: { none: 'a test' },
    params: z.object({ id: z.string() }),
    query: z.object({ thumbnail: z.stringbool().default(false) }),
    responses: fileAnswers,
    handler: ({ services: { files: service }, params, query }) => service.open(kind, params.id, query),
  });

/** A plugin that keeps files in every way that can be declared. */
export const album: PluginDefinition = plugin('album', {
  permissions: { 'album:use': ['pupil', 'teacher'] },
  files,
  tables: {
    remarks: { tenant: 'school_id', people: {} },
  },
  migrations: [
    {
      name: '0001',
      down: 'drop table remarks',
      up: `create table remarks (
         id uuid primary key default gen_random_uuid(), school_id uuid not null, text text not null,
         work_id uuid references works on delete cascade, updated_at timestamptz not null default now())`,
    },
  ],
  routes: [
    ...['works', 'photos', 'diaries'].flatMap((kind) => [keeping(kind), sending(kind)]),
    route({
      method: 'POST',
      path: '/several',
      summary: 'Hand in several works with a remark',
      permission: 'album:use',
      machines: { none: 'a test' },
      body: z.strictObject({ remark: z.string().min(1) }),
      upload: { main: 'works', more: { kind: 'works', max: 2 } },
      responses: { 200: z.object({ remark: z.string(), names: z.array(z.string()) }) },
      handler: async ({ services: { files: service, knex }, body, uploads: { main, more } }) => {
        for (const each of [main, ...more]) await service.keep('works', each, { tenant: north, people: { owner_id: lotte } });
        await knex('remarks').insert({ school_id: north, text: body.remark, work_id: main.id });
        return { remark: body.remark, names: [main, ...more].map(({ name }: { name: string }) => name) };
      },
    }),
    route({
      method: 'POST',
      path: '/fails',
      summary: 'Keeps, then fails',
      permission: 'album:use',
      machines: { none: 'a test' },
      upload: { file: 'works' },
      responses: kept,
      handler: async ({ services: { files: service }, uploads: { file } }) => {
        await service.keep('works', file, { tenant: north, people: { owner_id: lotte } });
        throw new Error('after all');
      },
    }),
    route({
      method: 'POST',
      path: '/forgets',
      summary: 'Receives, and keeps nothing',
      permission: 'album:use',
      machines: { none: 'a test' },
      upload: { file: 'works' },
      responses: { 204: nothing('Received') },
      handler: () => undefined,
    }),
  ],
});

/** Sends a file as a form does, with more fields. */
export function hand(
  client: TestClient,
  path: string,
  content: Uint8Array | string,
  { name = 'work.txt', type = '', field = 'file', ...fields }: Record<string, string> = {},
) {
  const form = new FormData();
  for (const [each, value] of Object.entries(fields)) form.append(each, value);
  form.append(field, new Blob([content as Uint8Array<ArrayBuffer>], { type }), name);
  return client.post(`/api/album/${path}`, undefined, { multipart: form });
}
