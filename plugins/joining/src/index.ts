import { definePlugin } from '@ilearn/core';
import { Accession } from './accession/accession.js';
import { accessionRoutes } from './accession/routes.js';
import { JoiningSteps } from './accession/steps.js';
import { onDemo } from './demo/on.js';
import { commands } from './demo-accounts/commands.js';
import { DemoAccounts } from './demo-accounts/demo-accounts.js';
import { demoAccountRoutes } from './demo-accounts/routes.js';
import { Sandbox } from './demo-accounts/sandbox.js';
import { Demonstration } from './demonstration.js';
import type { JoiningExports } from './exports.js';
import { Hashes } from './hashes.js';
import { jobs } from './jobs.js';
import { purposes } from './purposes.js';
import { Quotas } from './quotas.js';
import { migrations, tables } from './tables.js';
import { WaitingListDesk } from './waiting-list/desk.js';
import { deskRoutes } from './waiting-list/desk-routes.js';
import { Entries } from './waiting-list/entries.js';
import { FollowLinks } from './waiting-list/links.js';
import { publicRoutes } from './waiting-list/public-routes.js';
import { Requests } from './waiting-list/requests.js';

const permissions = {
  'joining:desk': ['portal-administrator'],
  'joining:steps': ['ict-coordinator', 'principal'],
};
const messages = new URL('../messages/', import.meta.url);

declare module '@ilearn/core' {
  interface PluginRegistry {
    joining: { permissions: keyof typeof permissions; exports: JoiningExports };
  }
}

export type { JoiningExports, SandboxSchool } from './exports.js';

/** How schools come in: a waiting list, the steps of joining, and demo accounts. */
export default definePlugin({
  id: 'joining',
  version: '0.1.0',
  requires: { directory: '^0.1.0', login: '^0.1.0', notifications: '^0.1.0' },
  optional: { demo: '^0.1.0' },
  // Contacts have no account: the portal makes schools and people for them. Demo accounts are erased at their end.
  privileges: ['actAs', 'privacy', 'secrets', 'sessions'],
  permissions,
  purposes,
  tables,
  migrations,
  services: {
    hashes: Hashes,
    quotas: Quotas,
    demonstration: Demonstration,
    followLinks: FollowLinks,
    entries: Entries,
    requests: Requests,
    waitingListDesk: WaitingListDesk,
    accession: Accession,
    joiningSteps: JoiningSteps,
    demoAccounts: DemoAccounts,
    sandbox: Sandbox,
  },
  exports: { services: ['sandbox'] },
  jobs,
  commands,
  on: onDemo,
  contributes: {
    'notifications.letters': ['confirm', 'listed', 'offer', 'news', 'demo'].map((name) => ({
      name,
      messages,
      text: `letters.${name}`,
    })),
  },
  routes: [...publicRoutes, ...deskRoutes, ...accessionRoutes, ...demoAccountRoutes],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages,
    pages: [
      { path: '/wachtlijst', tag: 'joining-request-page', title: 'request.title', permission: 'public' },
      { path: '/wachtlijst/bevestigen', tag: 'joining-confirm-page', title: 'confirm.title', permission: 'public' },
      { path: '/wachtlijst/volgen', tag: 'joining-follow-page', title: 'follow.title', permission: 'public' },
      { path: '/wachtlijst/aanvaarden', tag: 'joining-accept-page', title: 'accept.title', permission: 'public' },
      {
        path: '/beheer/wachtlijst',
        tag: 'joining-desk-page',
        title: 'desk.title',
        permission: 'joining:desk',
        nav: { icon: 'hand-helping', order: 84, section: 'portal' },
      },
      { path: '/aansluiten', tag: 'joining-steps-page', title: 'steps.title', permission: 'joining:steps' },
      { path: '/proefaccount', tag: 'joining-demo-page', title: 'demo.title', permission: 'public' },
      { path: '/proefaccount/openen', tag: 'joining-demo-open-page', title: 'demo.openTitle', permission: 'public' },
    ],
    slots: [
      { slot: 'shell.start', tag: 'joining-start-steps', permission: 'joining:steps', order: 12, loads: ['/steps'] },
      { slot: 'login.sign-in', tag: 'joining-links', permission: 'public', order: 90 },
    ],
  },
});
