import { definePlugin, routeFor } from '@ilearn/core';
import { z } from 'zod';

/** Whether the lamp's start fails just now. */
export const lamp = { broken: false };

const shine = routeFor<any>()({
  method: 'GET',
  path: '/shine',
  summary: 'Shines',
  permission: 'public',
  responses: { 200: z.object({}) },
  handler: () => ({}),
});

/** A lamp that may fail to start, a room that needs it, and a house that needs the room. */
export const lamps = [
  definePlugin({
    id: 'lamp',
    version: '1.2.0',
    routes: [shine],
    start: async () => {
      if (lamp.broken) throw new Error('the lamp is out');
    },
  }),
  definePlugin({ id: 'room', version: '1.0.0', requires: { lamp: '^1.0.0' }, routes: [shine] }),
  definePlugin({ id: 'house', version: '1.0.0', requires: { room: '^1.0.0' } }),
];
