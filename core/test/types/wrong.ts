// Each line after `refused` is an error, at that line and with that text in it; nothing else is.
import {
  definePlugin,
  handlerFor,
  type KernelCradle,
  nothing,
  type PrivilegedCradle,
  reply,
  routeFor,
  topicFor,
  type Uses,
} from '@ilearn/core';
import { z } from 'zod';
import {
  Boards,
  Caller,
  type CallingCradle,
  Choices,
  type Cradle,
  client,
  job,
  type LiveCradle,
  NoticeService,
  notice,
  route,
  type SettingsCradle,
  type ShelfCradle,
  Shelves,
} from './notices.js';

declare const { events, jobs, files, contributions, services }: Cradle & { services: Cradle } & Uses<'notice-board'>;
declare const untold: KernelCradle;
declare const { live }: LiveCradle;
declare const { settings }: SettingsCradle;
const base = { method: 'GET', summary: '', permission: 'public' } as const;

export const calls = () => {
  // refused newcomer 11 (body of a call): 'string'
  client.post('/notices', { body: { text: 1 } });
  // refused newcomer 11 (body of a call): 'txt' does not exist
  client.post('/notices', { body: { text: '', txt: '' } });
  // refused newcomer 11 (path of a call): parameter of type '"/notices" | "/notices/:id/print" | "/photos/:id"'
  client.get('/notes');
  // refused newcomer 11 (path of a call, of another method): parameter of type '"/notices/:id/lines/:line"'
  client.delete('/notices', { params: {} });
  // refused newcomer 11 (path parameter of a call): 'number' does not exist
  client.delete('/notices/:id/lines/:line', { params: { id: '', number: 1 } });
  // refused newcomer 11 (query of a call): 'pag' does not exist
  client.get('/notices', { query: { pag: 1 } });
};

export const names = () => {
  // refused newcomer 11 (event name): '"addd"' is not assignable to parameter of type '"added"'
  events.publish('addd', { notice: '', at: new Date() });
  // refused newcomer 11 (event payload): 'notise' does not exist
  events.publish('added', { notise: '', at: new Date() });
  // refused newcomer 11 (event payload): Property 'notice' is missing
  events.publish('added', { at: new Date() });
  // refused newcomer 11 (event that nobody declares): declare it: KernelCradle<Config, { events: typeof events }>
  untold.events.publish('added', {});
  // refused newcomer 11 (job name): '"remnd"' is not assignable to parameter of type '"remind"'
  jobs.enqueue('remnd', { pupil: '' });
  // refused newcomer 11 (job payload): 'number' is not assignable to type 'string'
  jobs.enqueue('remind', { pupil: 1 });
  // refused newcomer 11 (job that nobody declares): declare it: KernelCradle<Config, { jobs: typeof jobs }>
  untold.jobs.enqueue('remind', {});
  // refused newcomer 11 (live topic name): parameter of type '"board"'
  live.publish('bord', { id: '' }, { kind: 'added' });
  // refused newcomer 11 (live topic params): 'ids' does not exist
  live.publish('board', { ids: '' }, { kind: 'added' });
  // refused newcomer 11 (live topic payload): '"aded"' is not assignable
  live.publish('board', { id: '' }, { kind: 'aded' });
  // refused newcomer 11 (live topic that nobody declares): declare it: KernelCradle<Config, { live: typeof live }>
  untold.live.publish('board', {}, {});
  // refused newcomer 11 (kind of file): '"photo"' is not assignable to parameter of type '"photos"'
  files.find('photo', '');
  // refused newcomer 11 (kind of file that nobody declares): declare it: KernelCradle<Config, { files: typeof files }>
  untold.files.find('photos', '');
  // refused newcomer 11 (point name): parameter of type '"boards"'
  contributions.of('bords');
  // refused newcomer 11 (config): Property 'dayz' does not exist
  services.config.dayz;
};

export const choices = async () => {
  // refused settings (field): Property 'color' does not exist
  (await settings.of('')).color;
  // refused settings (field of the other part): Property 'colour' does not exist
  (await settings.portal()).colour;
  // refused settings (value): no overlap
  (await settings.of('')).colour === 'green';
  // refused settings (values are read-only): it is a read-only property
  (await settings.portal()).open = false;
  // refused settings (tenant): Expected 1 arguments
  settings.of();
  // refused settings (that nobody declares): declare it: KernelCradle<Config, { settings: typeof settings }>
  (await untold.settings.portal()).open;
};

export const outgoing = ({ http }: CallingCradle) => {
  // refused outgoing HTTP (a plugin whose cradle has none): Property 'http' does not exist
  untold.http;
  // refused outgoing HTTP (method): '"CONNECT"' is not assignable
  http.fetch('', { method: 'CONNECT' });
  // refused outgoing HTTP (option): 'retires' does not exist
  http.fetch('', { retires: 1 });
};

export const routes = [
  route({
    ...base,
    path: '/a',
    responses: { 200: notice },
    // refused newcomer 11 (answer): Property 'text' is missing
    handler: () => ({ id: '' }),
  }),
  route({
    ...base,
    path: '/b',
    responses: { 200: notice },
    // refused newcomer 11 (answer of a service): 'number'
    handler: ({ services }) => services.notices.count(),
  }),
  route({
    ...base,
    path: '/c',
    responses: { 200: z.array(notice).max(1) },
    // refused newcomer 11 (answer): 'string'
    handler: async () => [{ id: '', text: 1 }],
  }),
  route({
    ...base,
    path: '/d',
    responses: { 200: notice },
    // refused newcomer 11 (status of an answer): Reply<404
    handler: () => reply(404, { id: '' }),
  }),
  route({
    ...base,
    path: '/e',
    responses: { 200: { description: 'A file', contentType: 'text/csv' } },
    // refused newcomer 11 (answer without a schema): 'number'
    handler: () => 1,
  }),
  route({
    ...base,
    path: '/k',
    responses: { 200: z.object({ state: z.enum(['open', 'closed']) }) },
    // refused newcomer 11 (literal of an answer): '"opened"' is not assignable to type '"closed" | "open"'
    handler: async () => ({ state: 'opened' }),
  }),
  route({
    ...base,
    path: '/l',
    responses: { 200: notice },
    // refused newcomer 11 (answer that is an empty list): 'never[]'
    handler: () => [],
  }),
  route({
    ...base,
    path: '/f',
    responses: { 204: nothing('Done') },
    // refused newcomer 11 (answer without a body): 'number'
    handler: async () => 1,
  }),
  route({
    ...base,
    path: '/g/:id',
    // refused newcomer 11 (schema of path parameters): the path /g/:id has no parameter :ident
    params: z.object({ ident: z.uuid() }),
    responses: { 204: nothing('Done') },
    handler: () => {},
  }),
  route({
    ...base,
    path: '/h/:id',
    params: z.object({ id: z.uuid() }),
    responses: { 200: z.object({ it: z.string() }) },
    // refused newcomer 11 (path parameter): Property 'ident' does not exist
    handler: ({ params }) => ({ it: params.ident }),
  }),
  route({
    ...base,
    path: '/i/:id',
    responses: { 200: z.object({ it: z.string() }) },
    // refused newcomer 11 (path parameter without a schema): Property 'id' does not exist
    handler: ({ params }) => ({ it: params.id }),
  }),
];

const idle = (permission: 'notice:raed' | 'of:nobody') =>
  routeFor<KernelCradle>()({
    ...base,
    path: '/j',
    permission,
    machines: { none: '' },
    responses: { 204: nothing('') },
    handler: () => {},
  });
const silent = { ...base, path: '/k', responses: { 204: nothing('') }, handler: () => {} } as const;

export const machines = [
  // refused machines (route that does not name the machines that may call it): Property 'machines' is missing
  routeFor<KernelCradle>()({ ...silent, permission: 'signed-in' }),
  // refused machines (public route with a scope): a public route is open to machines too
  routeFor<KernelCradle>()({ ...silent, machines: { scope: 'notes:read' } }),
];

definePlugin({
  id: 'wrong-scope',
  version: '1.0.0',
  scopes: { 'notes:read': 'scopes.notes' },
  // refused machines (scope that the manifest does not declare): '"notes:reed"' is not assignable to type '"notes:read"'
  routes: [routeFor<KernelCradle>()({ ...silent, permission: 'signed-in', machines: { scope: 'notes:reed' } })],
});

const ui = { entry: new URL('file:///'), messages: new URL('file:///') };
const requires = { 'notice-board': '^1.0.0' } as const;

definePlugin({
  id: 'wrong-http',
  version: '1.0.0',
  // refused outgoing HTTP (service of a plugin that declares no hosts): services, models, requires, optional, privileges and http do not give: http
  services: { caller: Caller },
});

definePlugin({
  id: 'untold-http',
  version: '1.0.0',
  // refused outgoing HTTP (declaration without what is sent): Property 'sends' is missing
  http: { purpose: '', hosts: ['api.example.org'] },
});

routeFor<KernelCradle>()({
  ...base,
  path: '/j',
  responses: { 204: nothing('') },
  // refused outgoing HTTP (call of a route whose cradle has none): 'http' is possibly 'undefined'
  outside: { call: ({ http }) => http.fetch('') },
  handler: () => {},
});

definePlugin({
  id: 'wrong-permissions',
  version: '1.0.0',
  requires,
  permissions: { own: [] },
  // refused newcomer 11 (permission of a route): "notice:read" | "notice:write" | "own" | "public" | "signed-in"
  routes: [idle('notice:raed')],
  ui: {
    ...ui,
    // refused newcomer 11 (permission of a page): '"of:nobody"' is not assignable
    pages: [{ path: '/', tag: 'wrong-it', title: '', permission: 'of:nobody' }],
    // refused newcomer 11 (permission of a slot): '"of:nobody"' is not assignable
    slots: [{ slot: 'notice-board.aside', tag: 'wrong-it', permission: 'of:nobody' }],
  },
});

definePlugin({
  id: 'wrong-slots',
  version: '1.0.0',
  requires,
  ui: {
    ...ui,
    slots: [
      // refused newcomer 11 (slot of another plugin): Did you mean '"notice-board.aside"'?
      { slot: 'notice-board.asid', tag: 'wrong-it', permission: 'public' },
      // refused newcomer 11 (slot of the shell): '"shell.baar"' is not assignable
      { slot: 'shell.baar', tag: 'wrong-it', permission: 'public' },
      // refused ux 4 (size of a part of the start page): '"third"' is not assignable
      { slot: 'shell.start', tag: 'wrong-it', permission: 'public', size: 'third' },
      // refused newcomer 11 (slot of a plugin that nobody knows): '"elsewhere.place"' is not assignable
      { slot: 'elsewhere.place', tag: 'wrong-it', permission: 'public' },
    ],
  },
});

definePlugin({
  id: 'wrong-contributions',
  version: '1.0.0',
  requires,
  contributes: {
    // refused newcomer 11 (point name): no plugin in requires or optional opens the point "notice-board.bords"
    'notice-board.bords': [],
    // refused newcomer 11 (contribution): 'number' is not assignable to type 'string'
    'notice-board.boards': [{ key: 1 }],
  },
});

definePlugin({
  id: 'wrong-contributions-of-configuration',
  version: '1.0.0',
  optional: requires,
  config: z.strictObject({ width: z.string() }),
  // refused newcomer 11 (contribution): 'string' is not assignable to type 'number'
  contributes: ({ width }) => ({ 'notice-board.boards': [{ key: '', width }] }),
});

definePlugin({
  id: 'wrong-tenants',
  version: '1.0.0',
  tables: {
    // refused tenants (rule of a table): Property 'writes' is missing
    half: { tenant: { sees: ['school_id'] } },
    // refused tenants (rule of a table): 'number' is not assignable to type 'string'
    numbered: { tenant: { sees: ['school_id'], writes: [1] } },
    // refused tenants (name of the rule): 'school' does not exist
    old: { school: 'school_id' },
    several: { tenant: { sees: ['school_id', 'provider_id'], writes: ['school_id'] } },
  },
  // refused tenants (privilege): '"tenant"' is not assignable to type
  privileges: ['tenant'],
  // refused tenants (kinds of a role): 'number' is not assignable to type 'string | string[]'
  roles: { trainer: 1, coach: 'training-provider', helper: ['school', 'training-provider'] },
});

export const grants = ({ access, principal }: Pick<PrivilegedCradle, 'access'> & KernelCradle) => {
  // refused tenants (grant): 'school' does not exist
  access.setRoles('', [{ school: '', role: 'teacher' }]);
  // refused tenants (principal): Property 'schools' does not exist
  return principal.schools;
};

definePlugin({
  id: 'quiet',
  version: '1.0.0',
  permissions: { 'quiet:read': ['teacher'] },
});
declare module '@ilearn/core' {
  interface PluginRegistry {
    quiet: { permissions: 'quiet:read' };
  }
}
definePlugin({
  id: 'wrong-names-of-a-quiet-plugin',
  version: '1.0.0',
  optional: { quiet: '^1.0.0' },
  // refused newcomer 11 (point of a plugin that opens none): no plugin in requires or optional opens the point "quiet.point"
  contributes: { 'quiet.point': [] },
  ui: {
    ...ui,
    // refused newcomer 11 (slot of a plugin that opens none): '"quiet.place"' is not assignable
    slots: [{ slot: 'quiet.place', tag: 'wrong-it', permission: 'quiet:read' }],
  },
});

const elsewhere = { 'notice-board.addd': handlerFor<KernelCradle>()(z.object({}), () => {}) };
definePlugin({
  id: 'wrong-subscription',
  version: '1.0.0',
  requires,
  // refused newcomer 11 (event of another plugin): no plugin in requires or optional publishes the event "notice-board.addd"
  on: elsewhere,
});

definePlugin({
  id: 'wrong-payload',
  version: '1.0.0',
  requires,
  // refused newcomer 11 (payload of another plugin's event): 'Date' is not assignable to type 'string'
  on: { 'notice-board.added': handlerFor<KernelCradle>()(z.object({ at: z.string() }), ({ payload }) => payload.at) },
});

handlerFor<KernelCradle>()(
  'notice-board.added',
  ({ payload }) =>
    // refused newcomer 11 (payload of another plugin's event): Property 'notise' does not exist
    payload.notise,
);

definePlugin({
  id: 'wrong-exports',
  version: '1.0.0',
  services: { it: class {} },
  // refused newcomer 11 (export): '"its"' is not assignable to type '"it"'
  exports: { services: ['its'] },
});

// refused newcomer 11 (export of another plugin): Property 'notes' does not exist
export const exported = (cradle: Uses<'notice-board'>) => cradle.noticeBoard.notes;
// refused newcomer 11 (export of another plugin): Property 'number' does not exist
export const method = (cradle: Uses<'notice-board'>) => cradle.noticeBoard.notices.number();
// refused newcomer 11 (id of another plugin): '"notice-bord"' does not satisfy the constraint '"notice-board" | "quiet"'
export type Nobody = Uses<'notice-bord'>;

class Greedy {
  constructor(readonly cradle: KernelCradle & Uses<'notice-board'>) {}
}
definePlugin({
  id: 'without-requires',
  version: '1.0.0',
  // refused newcomer 11 (export without requires): a name that services, models, requires, optional, privileges and http do not give: noticeBoard
  services: { greedy: Greedy },
});
definePlugin({
  id: 'not-always-there',
  version: '1.0.0',
  optional: requires,
  // refused newcomer 16 (optional export taken for granted): must allow undefined for the optional plugin: noticeBoard
  services: { greedy: Greedy },
});
definePlugin({
  id: 'undeclared',
  version: '1.0.0',
  // refused newcomer 11 (what is published but not in the manifest): the manifest does not have: event added
  services: { notices: NoticeService },
});

definePlugin({
  id: 'undeclared-topic',
  version: '1.0.0',
  // refused newcomer 11 (live topic that is not in the manifest): the manifest does not have: live topic board
  services: { boards: Boards },
});

definePlugin({
  id: 'undeclared-settings',
  version: '1.0.0',
  // refused settings (that are not in the manifest): the manifest does not have: settings of the tenant
  services: { choices: Choices },
  settings: { portal: z.object({ open: z.boolean().default(true) }) },
});

definePlugin({
  id: 'wrong-settings',
  version: '1.0.0',
  // refused settings (no object): is not assignable to type 'ZodObject
  settings: { portal: z.boolean() },
  // refused settings (payload of the event): Property 'field' does not exist
  on: { 'kernel.settings-changed': handlerFor<KernelCradle>()('kernel.settings-changed', ({ payload }) => payload.field) },
});

export const shelves = ({ Shelf }: ShelfCradle) => [
  // refused models (relation of a row): 'boks' does not exist
  Shelf.query().then(([first]) => first?.boks),
  // refused models (column of a row): 'nam' does not exist
  Shelf.query().insert({ nam: 'a' }),
];
// refused models (that the cradle does not have): 'Page' does not exist
export const page = ({ Page }: ShelfCradle) => Page;

definePlugin({
  id: 'without-models',
  version: '1.0.0',
  // refused models (service of a plugin that lists none): services, models, requires, optional, privileges and http do not give: Shelf
  services: { shelves: Shelves },
});

definePlugin({
  id: 'wrong-model',
  version: '1.0.0',
  // refused models (class that is none): Property 'bindKnex' is missing
  models: { Plain: class {} },
});

const topic = { params: z.object({}), payload: z.object({}), allow: () => true };
definePlugin({
  id: 'public-topic',
  version: '1.0.0',
  permissions: { own: [] },
  live: {
    // refused newcomer 11 (public live topic): permission: "own" | "signed-in"
    everybody: topicFor<KernelCradle>()({ ...topic, permission: 'public' }),
    own: topicFor<KernelCradle>()({ ...topic, permission: 'own' }),
  },
});

definePlugin({
  // refused newcomer 11 (registry): PluginRegistry promises what the manifest does not have: the event "added"
  id: 'notice-board',
  version: '1.0.0',
  jobs: { remind: job({ payload: z.object({}), handler: () => {} }) },
});
