import { fileAnswers, notFound, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

export const photoRoutes = [
  route({
    method: 'GET',
    path: '/photos/:id',
    summary: 'A photo of homework, for those who may see the class',
    permission: 'homework:read',
    machines: { scope: 'homework:read' },
    params: z.object({ id: z.uuid() }),
    query: z.object({ thumbnail: z.stringbool().default(false) }),
    responses: fileAnswers,
    async handler({ services: { Homework, directory, files }, params: { id }, query }) {
      // Row-level security hides photos of other schools; the class decides within the school.
      const homework = await Homework.query().joinRelated('photos').findOne('photos.photo_id', id);
      if (homework === undefined || !(await directory.classes.canSee(homework.class_id))) throw notFound();
      return files.open('photos', id, query);
    },
  }),
];
