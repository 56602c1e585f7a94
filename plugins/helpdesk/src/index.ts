import { definePlugin } from '@ilearn/core';
import { config } from './config.js';
import type { Cradle } from './cradle.js';
import { privacyPageContribution } from './documents/privacy-page.js';
import { erase } from './erase.js';
import { events } from './events.js';
import { files } from './files.js';
import { jobs } from './jobs.js';
import { ArticleReader } from './knowledge/article-reader.js';
import { ArticleSearch } from './knowledge/article-search.js';
import { Articles } from './knowledge/articles.js';
import { knowledgeDocuments, knowledgePages } from './knowledge/pages.js';
import { knowledgeRoutes } from './knowledge/routes.js';
import { articleSources } from './knowledge/search-source.js';
import { shipArticles } from './knowledge/ship.js';
import { Worklist } from './knowledge/worklist.js';
import { mailCommands } from './mail/commands.js';
import { mailJobs } from './mail/jobs.js';
import { mailPages, mailSlots } from './mail/pages.js';
import { mailRoutes } from './mail/routes.js';
import { mailServices } from './mail/services.js';
import { migrations } from './migrations.js';
import { models } from './models.js';
import { notificationKinds } from './notification-kinds.js';
import { on } from './on.js';
import { Outages } from './outages/outages.js';
import { outagesDocuments, outagesPages } from './outages/pages.js';
import { outagesRoutes } from './outages/routes.js';
import { ToolBoard } from './outages/tool-board.js';
import { permissions } from './permissions.js';
import { searchCommands, searchShortcuts, searchSources } from './search-sources.js';
import { Clocks } from './service-levels/clocks.js';
import { ServiceLevels } from './service-levels/levels.js';
import { serviceLevelsPages } from './service-levels/pages.js';
import { serviceLevelsRoutes } from './service-levels/routes.js';
import { settings } from './settings.js';
import { tables } from './tables.js';
import { Throttle } from './throttle.js';
import { Answering } from './tickets/answering.js';
import { Asking } from './tickets/asking.js';
import { Attachments } from './tickets/attachments.js';
import { Conversations } from './tickets/conversations.js';
import { TicketDesk } from './tickets/desk.js';
import { Helpers } from './tickets/helpers.js';
import { live } from './tickets/live.js';
import { TicketNames } from './tickets/names.js';
import { Overdue } from './tickets/overdue.js';
import { ticketsPages } from './tickets/pages.js';
import { Parts } from './tickets/parts.js';
import { Presence } from './tickets/presence.js';
import { PublicForm } from './tickets/public-form.js';
import { Queue } from './tickets/queue.js';
import { ticketsRoutes } from './tickets/routes.js';
import { Shortcuts } from './tickets/shortcuts.js';
import { Sides } from './tickets/sides.js';
import { Tellings } from './tickets/tellings.js';
import { TicketTraces } from './tickets/ticket-traces.js';
import { Ticketing } from './tickets/ticketing.js';
import { wishesPages } from './wishes/pages.js';
import { wishesRoutes } from './wishes/routes.js';
import { Wishes } from './wishes/wishes.js';

const points = { 'privacy-pages': privacyPageContribution };

declare module '@ilearn/core' {
  interface PluginRegistry {
    helpdesk: { points: typeof points; permissions: keyof typeof permissions; events: typeof events };
  }
}

/** The helpdesk: tickets, e-mail, a knowledge base, outages, and wishes that are handed on. */
export default definePlugin({
  id: 'helpdesk',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { notifications: '^0.1.0', lti: '^0.1.0', library: '^0.1.0', search: '^0.1.0', myway: '^0.1.0', demo: '^0.1.0' },
  // Names of people whom the caller does not see in the directory, and the parts of people who write by e-mail.
  privileges: ['actAs', 'access', 'secrets'],
  config,
  http: {
    purpose: 'answering by e-mail',
    sends: 'the e-mail address of whoever asked the helpdesk, and what is written in the ticket',
    sockets: 'SMTP and IMAP to the mail servers that the operator sets',
  },
  permissions,
  tables,
  files,
  models,
  migrations,
  settings,
  events,
  services: {
    throttle: Throttle,
    answering: Answering,
    asking: Asking,
    conversations: Conversations,
    helpers: Helpers,
    overdue: Overdue,
    presence: Presence,
    publicForm: PublicForm,
    queue: Queue,
    serviceLevels: ServiceLevels,
    shortcuts: Shortcuts,
    sides: Sides,
    ticketDesk: TicketDesk,
    ticketNames: TicketNames,
    attachments: Attachments,
    clocks: Clocks,
    parts: Parts,
    ticketTellings: Tellings,
    ticketTraces: TicketTraces,
    ticketing: Ticketing,
    ...mailServices,
    articleReader: ArticleReader,
    articleSearch: ArticleSearch,
    articles: Articles,
    worklist: Worklist,
    outages: Outages,
    toolBoard: ToolBoard,
    wishes: Wishes,
  },
  jobs: { ...jobs, ...mailJobs },
  commands: mailCommands,
  live,
  points,
  on,
  privacy: { erase },
  contributes: {
    'notifications.kinds': notificationKinds,
    'search.sources': [...searchSources, ...articleSources],
    'search.commands': searchCommands,
    'search.shortcuts': searchShortcuts,
    'lti.report-pages': [{ path: '/helpdesk/vraag' }],
  },
  routes: [...ticketsRoutes, ...serviceLevelsRoutes, ...mailRoutes, ...knowledgeRoutes, ...outagesRoutes, ...wishesRoutes],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [...ticketsPages, ...serviceLevelsPages, ...mailPages, ...knowledgePages, ...outagesPages, ...wishesPages],
    documents: [...knowledgeDocuments, ...outagesDocuments],
    slots: [
      { slot: 'myway.launch-failed', tag: 'helpdesk-report-launch', permission: 'helpdesk:follow', order: 10 },
      ...mailSlots,
      { slot: 'shell.footer', tag: 'helpdesk-help-links', permission: 'public' },
      { slot: 'library.activity-actions', tag: 'helpdesk-outage-banner', permission: 'signed-in', order: 1 },
      { slot: 'myway.path', tag: 'helpdesk-outage-banner', permission: 'signed-in', order: 1 },
      { slot: 'myway.step', tag: 'helpdesk-outage-banner', permission: 'signed-in', order: 1 },
      { slot: 'myway.teacher-path', tag: 'helpdesk-outage-banner', permission: 'signed-in' },
    ],
  },
  async start({ work, log }) {
    // A portal without these articles works.
    await work((services: Cradle) => shipArticles(services)).catch((error: Error) =>
      log.error({ err: error.message }, 'articles not stored'),
    );
  },
});
