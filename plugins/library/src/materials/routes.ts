import { fileAnswers, forbidden, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { material } from './model.js';

const route = routeFor<Cradle>();

export const materialRoutes = [
  route({
    method: 'POST',
    path: '/materials',
    summary: 'Upload a file or picture for an activity of your own',
    permission: 'library:write',
    machines: { none: 'An activity has a person as its author.' },
    body: z.strictObject({ school: z.uuid() }),
    upload: { file: 'materials' },
    responses: { 201: material },
    async handler({ body, uploads, principal, services: { materials } }) {
      if (principal.tenants === '*' || !principal.tenants.includes(body.school)) {
        throw forbidden('Files are uploaded for one of your schools.');
      }
      return reply(201, await materials.add(uploads.file, body.school));
    },
  }),
  route({
    method: 'GET',
    path: '/materials/:id',
    summary: 'A file or picture of an activity',
    permission: 'library:open-material',
    machines: { none: 'People of the school open it.' },
    audit: { none: 'It is teaching material, without personal data.' },
    params: z.object({ id: z.uuid() }),
    query: z.object({ thumbnail: z.stringbool().default(false) }),
    responses: fileAnswers,
    async handler({ params: { id }, query, services: { materials, files } }) {
      await materials.checkOpen(id);
      return files.open('materials', id, query);
    },
  }),
];
