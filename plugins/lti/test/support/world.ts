import { randomUUID } from 'node:crypto';
import { definePlugin, html, type PluginDefinition, reply, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directoryPlugin from '@ilearn/plugin-directory';
import lti, { type LaunchRequest, launchFailed, type RegistrationContribution, scoreReceived } from '@ilearn/plugin-lti';
import { z } from 'zod';
import { startTestTool, type TestTool } from './tool.js';

const route = routeFor<any>();

/** A plugin without its pages, which these tests do not need. */
export const withoutPages = ({ ui: _pages, ...server }: PluginDefinition): PluginDefinition => server;
export const directory = withoutPages(directoryPlugin);

/** Stands in for MyWay: launches tools for the signed-in person, and stores the scores that it receives. */
const caller = definePlugin({
  id: 'caller',
  version: '0.1.0',
  requires: { lti: '^0.1.0' },
  tables: {
    received: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: { for: 'P1Y', since: 'received_at' },
      erase: 'delete',
      purpose: 'learning',
      use: 'learning',
    },
  },
  migrations: [
    {
      name: '0001_received',
      up: 'create table received (number bigint generated always as identity, school_id uuid not null, person_id uuid not null, payload jsonb not null, received_at timestamptz not null default now())',
      down: 'drop table received',
    },
  ],
  routes: [
    route({
      method: 'POST',
      path: '/launch',
      summary: 'Launch',
      permission: 'signed-in',
      machines: { none: 'a test' },
      body: z.any(),
      responses: { 200: z.object({ url: z.string() }) },
      handler: ({ body, services }) => services.lti.launches.start(body),
    }),
    route({
      method: 'GET',
      path: '/frame',
      summary: 'A page of the portal that shows another one inside it',
      permission: 'public',
      query: z.object({ src: z.url() }),
      responses: { 200: html('The page') },
      handler: ({ query }) =>
        reply(200, `<!doctype html><title>Portaal</title><iframe src="${query.src}" style="width:100%;height:90vh"></iframe>`, {
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src *",
        }),
    }),
  ],
  on: {
    'lti.score-received': async ({ payload, services }) => {
      const score = scoreReceived.parse(payload);
      await services
        .knex('received')
        .insert({ school_id: score.school, person_id: score.personId, payload: JSON.stringify(score) });
    },
    'lti.launch-failed': ({ payload }) => {
      failedLaunches.push(launchFailed.parse(payload));
    },
  },
});

/** Payloads of `lti.launch-failed` from all portals in this process. */
const failedLaunches: z.output<typeof launchFailed>[] = [];

export interface World {
  platform: TestPlatform;
  school: string;
  otherSchool: string;
  pupil: { id: string; client: TestClient };
  tool: TestTool;
  /** A launch request of the pupil for `tool`; `changes` replace its members. */
  request(changes?: Partial<LaunchRequest>): LaunchRequest;
  /** Prepares a launch as the client's person and returns the address to open. */
  launch(client: TestClient, request: LaunchRequest): Promise<string>;
  person(role: string, school: string | null): Promise<{ id: string; client: TestClient }>;
  addTool(key: string, changes?: Partial<RegistrationContribution>): Promise<TestTool>;
  /** Rows of a table of the plugin, read as the system principal. */
  rows<T = any>(table: string, where?: object): Promise<T[]>;
  received(): Promise<z.output<typeof scoreReceived>[]>;
  /** Payloads of `lti.launch-failed` for launches in these schools. */
  failed(): Promise<z.output<typeof launchFailed>[]>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Configuration of the LTI platform. */
  config?: object;
  /** More plugins, with their configuration by id. */
  plugins?: PluginDefinition[];
  configs?: Record<string, object>;
  /** Port of the portal; default: a free port. */
  port?: number;
}

/** A portal with two schools, a pupil and a registered tool. */
export async function createWorld({ config = {}, plugins = [], configs = {}, port = 0 }: WorldOptions = {}): Promise<World> {
  const platform = await createTestPlatform({
    plugins: [directory, lti, ...plugins, caller],
    config: { lti: config, ...configs },
    settings: { port },
  });
  const schools = [
    { id: randomUUID(), instellingsnummer: '100001', name: 'De Regenboog' },
    { id: randomUUID(), instellingsnummer: '100002', name: 'De Kameleon' },
  ] as const;
  await platform.work('directory', ({ knex }) => knex('schools').insert(schools));
  const [{ id: school }, { id: otherSchool }] = schools;
  const tools: TestTool[] = [];

  const person: World['person'] = async (role, at) => {
    const kind = role === 'pupil' ? 'pupil' : 'staff';
    const someone = {
      givenName: ' Noor',
      familyName: 'van  der Eecken ',
      kind,
      email: 'noor@school.example',
      roles: [{ tenant: at, role }],
    };
    const id = await platform.work<string>('directory', ({ people }) => people.create(someone));
    return { id, client: await platform.signIn(id, 'Noor') };
  };
  const addTool: World['addTool'] = async (key, changes = {}) => {
    const tool = await startTestTool(platform.url, key);
    tools.push(tool);
    const registration = { ...tool.registration, ...changes };
    await platform.work('lti', ({ registrations }) => registrations.add({ loginMethod: 'GET', ...registration }));
    return tool;
  };
  const pupil = await person('pupil', school);
  const tool = await addTool('tool-a');

  return {
    platform,
    school,
    otherSchool,
    pupil,
    tool,
    person,
    addTool,
    request: (changes = {}) => ({
      registration: 'tool-a',
      targetLinkUri: `${tool.url}/exercise/7`,
      resourceLinkId: 'step-1',
      title: 'Tafel van 7',
      context: { id: 'path-1', title: 'Rekenen 3A' },
      school,
      personId: pupil.id,
      role: 'Learner',
      custom: { level: '2' },
      lineItem: { label: 'Tafel van 7', scoreMaximum: 10 },
      returnPath: '/mijn-paden/1',
      ...changes,
    }),
    launch: async (client, request) => {
      const answer = await client.post('/api/caller/launch', request);
      if (answer.status !== 200) throw new Error(`launch: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body.url;
    },
    rows: (table, where = {}) => platform.work('lti', ({ knex }) => knex(table).where(where)),
    received: async () => {
      await platform.drain();
      const rows = await platform.work<{ payload: unknown }[]>('caller', ({ knex }) => knex('received').orderBy('number'));
      return rows.map((row) => row.payload as z.output<typeof scoreReceived>);
    },
    failed: async () => {
      await platform.drain();
      return failedLaunches.filter((each) => each.school === school || each.school === otherSchool);
    },
    stop: async () => {
      for (const tool of tools) await tool.stop();
      await platform.stop();
    },
  };
}
