import { reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { pathDetail } from '../paths/model.js';
import { loss, pathFile } from './format.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });
const format = z.enum(['json', 'cartridge']).default('json').describe('`cartridge`: Common Cartridge 1.4');
const lost = z.array(loss).max(500);
const megabyte = 1024 * 1024;

export const transferRoutes = [
  route({
    method: 'GET',
    path: '/paths/:id/file',
    summary: 'A path as a JSON file',
    permission: 'path:read',
    machines: { scope: 'paths:read' },
    params,
    responses: { 200: pathFile },
    handler: async ({ params: { id }, services }) =>
      reply(200, await services.transfer.file(id), { 'content-disposition': 'attachment; filename="leerspoor.json"' }),
  }),
  route({
    method: 'GET',
    path: '/paths/:id/cartridge',
    summary: 'A path as a Common Cartridge 1.4',
    permission: 'path:read',
    machines: { scope: 'paths:read' },
    params,
    responses: { 200: { description: 'A Common Cartridge', contentType: 'application/zip' } },
    handler: async ({ params: { id }, services }) =>
      reply(200, await services.transfer.cartridge(id), { 'content-disposition': 'attachment; filename="leerspoor.imscc"' }),
  }),
  route({
    method: 'GET',
    path: '/paths/:id/file-losses',
    summary: 'What a file of the path cannot carry',
    audit: { none: 'It shows no personal data.' },
    permission: 'path:read',
    machines: { scope: 'paths:read' },
    params,
    query: z.object({ format }),
    responses: { 200: z.object({ lost }) },
    handler: async ({ params: { id }, query, services }) => ({ lost: await services.transfer.losses(id, query.format) }),
  }),
  route({
    method: 'POST',
    path: '/path-files',
    summary: 'Make a path of a JSON file or Common Cartridge that a portal like this exported; says what was left out',
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    query: z.object({ school: z.uuid().optional().describe('Needed by whoever teaches in several schools') }),
    body: z.instanceof(Buffer),
    consumes: ['application/zip', 'application/octet-stream'],
    bodyLimit: 16 * megabyte,
    responses: { 201: z.object({ path: pathDetail, lost }) },
    handler: async ({ query, body, services }) => reply(201, await services.transfer.imported(body, query.school)),
  }),
];
