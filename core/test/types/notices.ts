// A plugin as it should be: all of this compiles.
import {
  type Client,
  commandFor,
  conflict,
  definePlugin,
  fileAnswers,
  type HttpCradle,
  handlerFor,
  html,
  jobFor,
  type KernelCradle,
  type Models,
  nothing,
  periods,
  redirect,
  redirectTo,
  reply,
  routeFor,
  secretText,
  topicFor,
} from '@ilearn/core';
import { Model } from 'objection';
import { z } from 'zod';

const events = { added: z.object({ notice: z.uuid(), at: z.coerce.date() }) };
const points = { boards: z.object({ key: z.string(), width: z.int().default(3) }) };
const payloads = { remind: z.object({ pupil: z.uuid(), times: z.int().default(1) }) };
const topics = { board: { params: z.object({ id: z.uuid() }), payload: z.object({ kind: z.enum(['added', 'gone']) }) } };
const files = {
  photos: {
    tenant: 'school_id',
    people: { owner_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'safe-environment',
    use: 'showing',
    types: ['image/png'],
    maxBytes: 1_000,
  },
} as const;
const permissions = { 'notice:read': ['pupil', 'teacher'], 'notice:write': ['teacher'] };

export interface NoticesExports {
  notices: { count(): Promise<number> };
}

/** Slots in its pages, with the context of an element in each. */
export interface NoticesSlots {
  aside: { board: string };
}

declare module '@ilearn/core' {
  interface PluginRegistry {
    'notice-board': {
      events: typeof events;
      points: typeof points;
      permissions: keyof typeof permissions;
      exports: NoticesExports;
      slots: NoticesSlots;
    };
  }
}

export interface Cradle
  extends KernelCradle<
    { days: number },
    { events: typeof events; jobs: typeof payloads; points: typeof points; files: typeof files }
  > {
  notices: NoticeService;
}

export class NoticeService {
  readonly #services: Pick<Cradle, 'events' | 'jobs' | 'contributions' | 'knex'>;

  constructor({ events, jobs, contributions, knex }: Cradle) {
    this.#services = { events, jobs, contributions, knex };
  }

  async add(text: string): Promise<{ id: string; text: string; secret: string }> {
    await this.#services.events.publish('added', { notice: text, at: new Date() });
    // Enqueueing from a handler's own service goes in no circle.
    return { id: await this.#services.jobs.enqueue('remind', { pupil: text }, { uniqueKey: text }), text, secret: '' };
  }

  boards(): number {
    return this.#services.contributions.of('boards').reduce((sum, { value }) => sum + value.width, 0);
  }

  async count(): Promise<number> {
    return this.boards();
  }

  async list(): Promise<readonly { readonly id: string; readonly text: string }[]> {
    return this.#services.knex('notices').select();
  }
}

export const settings = {
  portal: z.object({ open: z.boolean().default(true) }),
  tenant: z.object({ colour: z.enum(['red', 'blue']).default('red'), key: secretText(), closed: periods() }),
};

export interface SettingsCradle extends KernelCradle<unknown, { settings: typeof settings }> {}

export class Choices {
  constructor(readonly cradle: SettingsCradle) {}

  async chosen(tenant: string): Promise<'red' | 'blue' | boolean> {
    const { colour, closed } = await this.cradle.settings.of(tenant);
    const { open } = await this.cradle.settings.portal();
    return closed.some(({ from }) => from < (this.cradle.calendar.today.name as string)) ? colour : open;
  }
}

export interface LiveCradle extends KernelCradle<unknown, { live: typeof topics }> {}

export class Boards {
  constructor(readonly cradle: LiveCradle) {}

  changed(id: string): Promise<void> {
    return this.cradle.live.publish('board', { id }, { kind: 'added' });
  }
}

export const route = routeFor<Cradle>();
export const notice = z.object({ id: z.uuid(), text: z.string() });

export const routes = [
  route({
    method: 'GET',
    path: '/notices',
    summary: 'Notices',
    permission: 'notice:read',
    machines: { none: 'People read this.' },
    query: z.object({ page: z.coerce.number().default(1) }),
    responses: { 200: z.array(notice).max(100) },
    handler: ({ services, query }) => (query.page > 1 ? [] : services.notices.list()),
  }),
  route({
    method: 'POST',
    path: '/notices',
    summary: 'Add one',
    permission: 'notice:write',
    machines: { none: 'People read this.' },
    body: z.strictObject({ text: z.string() }),
    responses: { 201: notice, 409: z.object({ id: z.uuid() }) },
    async handler({ services, body }) {
      if (body.text === '') return reply(409, { id: '' });
      if (body.text === ' ') return conflict('notice-board/blank', 'It is blank.');
      if (body.text === '-') return reply(201, await services.notices.add(body.text), { location: '/' });
      // More than the schema names is cut off.
      return services.notices.add(body.text);
    },
  }),
  route({
    method: 'DELETE',
    path: '/notices/:id/lines/:line',
    summary: 'Remove a line',
    permission: 'signed-in',
    machines: { none: 'People read this.' },
    params: z.object({ id: z.uuid(), line: z.coerce.number() }),
    responses: { 204: nothing('Removed') },
    async handler({ params }) {
      params.line.toFixed();
    },
  }),
  route({
    method: 'GET',
    path: '/notices/:id/print',
    summary: 'As a page',
    permission: 'public',
    params: z.object({ id: z.uuid() }),
    responses: { 200: html('A page'), 302: redirect('Elsewhere') },
    handler: ({ params }) => (params.id === '' ? redirectTo('/') : '<p>'),
  }),
  route({
    method: 'POST',
    path: '/photos',
    summary: 'Hand in photos',
    permission: 'notice:write',
    machines: { none: 'People read this.' },
    body: z.strictObject({ school: z.uuid() }),
    upload: { photo: 'photos', more: { kind: 'photos', max: 3 } },
    responses: { 201: z.object({ id: z.uuid(), count: z.int() }) },
    async handler({ services, body, uploads }) {
      const { id } = await services.files.keep('photos', uploads.photo, { tenant: body.school, people: { owner_id: null } });
      return { id, count: uploads.more.length };
    },
  }),
  route({
    method: 'GET',
    path: '/photos/:id',
    summary: 'A photo',
    permission: 'notice:read',
    machines: { none: 'People read this.' },
    params: z.object({ id: z.uuid() }),
    responses: fileAnswers,
    handler: ({ services, params }) => services.files.open('photos', params.id),
  }),
];

const state = z.enum(['open', 'closed']);
const item = z.object({ state, size: z.literal(3).optional() });
const base = { method: 'GET', summary: '', permission: 'public' } as const;
const page = z.object({ kind: z.enum(['first', 'last']), items: z.array(item).max(9) });
const shape = z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), n: z.int() }), z.object({ kind: z.literal('b') })]);

/** newcomer 11: literals in an answer fit a schema of literals as they are. */
export const literals = [
  route({ ...base, path: '/a', responses: { 200: item }, handler: () => ({ state: 'open' }) }),
  route({ ...base, path: '/b', responses: { 200: item }, handler: async () => ({ state: 'open', size: 3 }) }),
  route({
    ...base,
    path: '/c',
    responses: { 200: item },
    async handler({ request }) {
      if (request.id === '') return { state: 'open' };
      return { state: 'closed' };
    },
  }),
  route({
    ...base,
    path: '/d',
    responses: { 200: item },
    handler: ({ request: { id } }) => ({ state: id ? 'open' : 'closed' }),
  }),
  route({
    ...base,
    path: '/e',
    responses: { 200: item, 201: item },
    handler: async ({ request: { id } }) => (id ? reply(201, { state: 'open' }) : { state: 'closed' }),
  }),
  route({ ...base, path: '/f', responses: { 200: z.array(item).max(9) }, handler: async () => [{ state: 'open' }] }),
  route({
    ...base,
    path: '/g',
    responses: { 200: z.array(item).max(9) },
    handler: async ({ services }) => (await services.notices.list()).map(({ id }) => ({ state: id ? 'open' : 'closed' })),
  }),
  route({
    ...base,
    path: '/h',
    responses: { 200: page },
    handler: async ({ services }) => ({
      kind: 'first',
      items: (await services.notices.list()).map(({ id }) => ({ state: id ? 'open' : 'closed' })),
    }),
  }),
  route({ ...base, path: '/i', responses: { 200: shape }, handler: async () => ({ kind: 'a', n: 1 }) }),
  route({ ...base, path: '/j', responses: { 200: state }, handler: () => 'open' }),
  route({ handler: async () => ({ state: 'open' }), ...base, path: '/k', responses: { 200: item } }),
  route({
    ...base,
    path: '/l',
    responses: { 200: { description: '', contentType: 'application/ld+json', schema: item } },
    outside: { call: async () => true },
    handler: ({ result }) => ({ state: result ? 'open' : 'closed' }),
  }),
];

export interface CallingCradle extends KernelCradle, HttpCradle {}

export class Caller {
  constructor(readonly cradle: CallingCradle) {}
}

export const calling = definePlugin({
  id: 'calling',
  version: '1.0.0',
  http: { hosts: ['api.example.org'], purpose: 'looking up words', sends: 'no data about people' },
  services: { caller: Caller },
  routes: [
    routeFor<CallingCradle>()({
      ...base,
      path: '/word',
      responses: { 200: z.object({ word: z.string() }) },
      outside: {
        call: ({ http, signal, request }) =>
          http.json('https://api.example.org/word', z.object({ word: z.string() }), { signal, trace: request.id, retries: 2 }),
      },
      handler: ({ result }) => result,
    }),
  ],
  start: async ({ http }) => {
    await http.fetch('https://api.example.org/', { method: 'HEAD' });
  },
});

export class Shelf extends Model {
  static override tableName = 'shelves';
  static override relationMappings = () => ({
    books: { relation: Model.HasManyRelation, modelClass: Book, join: { from: 'shelves.id', to: 'books.shelf_id' } },
  });
  declare id: string;
  declare name: string;
  declare books?: Book[];
}
export class Book extends Model {
  static override get tableName() {
    return 'books';
  }
  declare id: string;
  declare title: string;
}

const models = { Shelf, Book };
export interface ShelfCradle extends KernelCradle, Models<typeof models> {
  shelves: Shelves;
}

export class Shelves {
  readonly #models: Pick<ShelfCradle, 'Shelf' | 'Book'>;
  constructor({ Shelf, Book }: ShelfCradle) {
    this.#models = { Shelf, Book };
  }
  async titles(name: string): Promise<string[]> {
    const shelf = await this.#models.Shelf.query().findOne({ name }).withGraphFetched('books');
    return shelf?.books?.map(({ title }) => title) ?? [];
  }
  all() {
    return this.#models.Shelf.query();
  }
}

export const shelves = definePlugin({
  id: 'shelves',
  version: '1.0.0',
  tables: { shelves: { tenant: 'school_id' }, books: { tenant: 'school_id' } },
  models,
  services: { shelves: Shelves },
  routes: [
    routeFor<ShelfCradle>()({
      ...base,
      path: '/shelves',
      responses: { 200: z.array(z.object({ id: z.uuid(), name: z.string() })).max(9) },
      handler: async ({ services }) => services.shelves.all(),
    }),
  ],
});

export const job = jobFor<Cradle>();

export default definePlugin({
  id: 'notice-board',
  version: '1.0.0',
  config: z.strictObject({ days: z.int() }),
  permissions,
  services: { notices: NoticeService, boards: Boards, choices: Choices },
  settings,
  live: {
    board: topicFor<Cradle>()({
      ...topics.board,
      permission: 'notice:read',
      allow: async ({ params, services }) => (await services.notices.count()) > params.id.length,
    }),
  },
  exports: { services: ['notices'] },
  points,
  events,
  files,
  jobs: { remind: job({ payload: payloads.remind, handler: ({ payload }) => payload.times.toFixed() }) },
  on: {
    'notice-board.added': handlerFor<Cradle>()(events.added, ({ payload }) => payload.at.getTime()),
    'kernel.settings-changed': handlerFor<Cradle>()('kernel.settings-changed', ({ payload }) => payload.fields.join()),
  },
  routes,
  commands: [
    commandFor<Cradle>()({ name: 'notices', summary: 'Counts', run: ({ work }) => work(({ notices }) => notices.count()) }),
  ],
  ui: {
    entry: new URL('file:///ui.js'),
    messages: new URL('file:///'),
    pages: [{ path: '/notices', tag: 'notice-board-page', title: 'title', permission: 'notice:read' }],
    slots: [{ slot: 'shell.bar', tag: 'notice-board-count', permission: 'notice:read' }],
  },
});

export declare const client: Client<typeof routes>;
export const called = async () => {
  const [first] = await client.get('/notices', { query: { page: 2 } });
  await client.post('/photos', { body: new FormData() });
  const added = await client.post('/notices', { body: { text: first?.text ?? '' } });
  await client.delete('/notices/:id/lines/:line', { params: { id: added.id, line: 1 } });
};
