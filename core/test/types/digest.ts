// A plugin that uses another, and one that may: all of this compiles.
import { definePlugin, handlerFor, type KernelCradle, type MayUse, routeFor, type Uses } from '@ilearn/core';
import { z } from 'zod';
import type {} from './notices.js';

interface Cradle extends KernelCradle, Uses<'notice-board'> {
  digest: Digest;
}

class Digest {
  constructor(private readonly cradle: Cradle) {}
  size(): Promise<number> {
    return this.cradle.noticeBoard.notices.count();
  }
}

export const on = {
  'notice-board.added': handlerFor<Cradle>()('notice-board.added', ({ payload }) => payload.notice.length + payload.at.getTime()),
};

export const required = definePlugin({
  id: 'digest',
  version: '1.0.0',
  requires: { 'notice-board': '^1.0.0' },
  services: { digest: Digest },
  contributes: { 'notice-board.boards': [{ key: 'digest' }] },
  on,
  routes: [
    routeFor<Cradle>()({
      method: 'GET',
      path: '/size',
      summary: 'Size',
      permission: 'notice:read',
      machines: { none: 'People read this.' },
      responses: { 200: z.object({ size: z.number() }) },
      handler: async ({ services }) => ({ size: await services.digest.size() }),
    }),
  ],
  ui: {
    entry: new URL('file:///ui.js'),
    messages: new URL('file:///'),
    slots: [
      { slot: 'notice-board.aside', tag: 'digest-aside', permission: 'notice:read' },
      { slot: 'shell.footer', tag: 'digest-footer', permission: 'public', order: 1 },
      { slot: 'shell.start', tag: 'digest-today', permission: 'notice:read', size: 'full' },
    ],
  },
});

/** A slot needs no dependency: its element is shown wherever a page opens the slot. */
export const guest = definePlugin({
  id: 'guest',
  version: '1.0.0',
  ui: {
    entry: new URL('file:///ui.js'),
    messages: new URL('file:///'),
    slots: [
      { slot: 'notice-board.aside', tag: 'guest-aside', permission: 'signed-in' },
      { slot: 'guest.own', tag: 'guest-own', permission: 'signed-in' },
    ],
  },
});

class Perhaps {
  constructor({ noticeBoard }: KernelCradle & MayUse<'notice-board'>) {
    void noticeBoard?.notices.count();
  }
}

export const optional = definePlugin({
  id: 'perhaps',
  version: '1.0.0',
  optional: { 'notice-board': '^1.0.0' },
  config: z.strictObject({ width: z.int() }),
  services: { perhaps: Perhaps },
  contributes: ({ width }) => ({ 'notice-board.boards': [{ key: 'perhaps', width }] }),
  on,
});

// What the compiler does not know passes, and is checked when the portal starts.
export const unknown = definePlugin({
  id: 'unknown',
  version: '1.0.0',
  requires: { elsewhere: '^1.0.0' },
  contributes: { 'elsewhere.point': [1] },
  on: { 'elsewhere.event': handlerFor<KernelCradle>()('elsewhere.event', ({ payload }) => payload.whatever) },
  ui: {
    entry: new URL('file:///ui.js'),
    messages: new URL('file:///'),
    slots: [{ slot: 'elsewhere.place', tag: 'unknown-it', permission: 'of:elsewhere' }],
  },
});
