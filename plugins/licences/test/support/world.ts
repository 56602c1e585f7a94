import { definePlugin, type PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson } from '@ilearn/plugin-directory/testing';
import library from '@ilearn/plugin-library';
import licences from '@ilearn/plugin-licences';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import notifications from '@ilearn/plugin-notifications';
import { type World as MyWayWorld, worldOn } from '../../../myway/test/world.js';

const lti13 = { registration: 'rekenrally', targetLinkUri: 'https://rekenrally.example/tafels', custom: {}, scoreMaximum: 10 };
export const membersScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const uri = 'urn:test:rekenen';

/** A tool that needs a licence, with an exercise and a website, and one that is free. */
const tools = definePlugin({
  id: 'tools',
  version: '0.1.0',
  requires: { library: '^0.1.0' },
  contributes: {
    'library.tools': [
      {
        key: 'rekenrally',
        name: 'Rekenrally',
        provider: 'Rekenhuis',
        activities: [
          { key: 'tafels', title: 'Tafels rijden', conceptUris: [uri], lti: lti13 },
          { key: 'spel', title: 'Rekenspel', kind: 'link', url: 'https://rekenrally.example/spel' },
        ],
      },
      {
        key: 'vrij',
        name: 'Vrij Spel',
        provider: 'Iedereen',
        activities: [{ key: 'spel', title: 'Vrij rekenen', kind: 'link', url: 'https://vrij.example/', conceptUris: [uri] }],
      },
    ],
  },
});

const withoutPages = ({ ui: _pages, ...server }: PluginDefinition): PluginDefinition => server;

export interface World extends MyWayWorld {
  rekenhuis: { id: string };
  manager: TestClient;
  otherManager: TestClient;
  coordinator: TestClient;
  otherCoordinator: TestClient;
  administrator: TestClient;
  /** instellingsnummers of the two schools. */
  number: string;
  otherNumber: string;
  plugins: PluginDefinition[];
  /** Id of an activity of the tools. */
  exercise(source: string, key: string): Promise<string>;
}

export async function createWorld(uiFolder: string | null = null): Promise<World> {
  const server = [...[directory, library, lti, myway].map(withoutPages), notifications];
  const plugins =
    uiFolder === null
      ? [...server, withoutPages(licences), tools]
      : [directory, notifications, library, lti, myway, licences, tools];
  const platform = await createTestPlatform({ plugins, uiFolder });
  const world = await worldOn(platform);
  await platform.work('library', ({ curriculum }) =>
    curriculum.importFrom([new URL('../../../myway/test/topics.ttl', import.meta.url).pathname]),
  );
  await platform.work('lti', ({ registrations }) =>
    registrations.add({
      ...{ key: 'rekenrally', name: 'Rekenrally', clientId: 'rekenrally', deploymentId: '1' },
      ...{ loginUrl: `${world.tool}/login`, redirectUris: [`${world.tool}/launch`], jwksUrl: `${world.tool}/jwks` },
      ...{
        release: { name: false, email: false },
        loginMethod: 'GET',
        scopes: [membersScope, 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem'],
        deepLinkingUrl: `${world.tool}/choose`,
      },
    }),
  );
  const [rekenhuis, anders] = [
    await provider(platform, { kind: 'tool-provider', name: 'Rekenhuis' }),
    await provider(platform, { kind: 'tool-provider', name: 'Anders' }),
  ];
  const managerOf = async (of: typeof rekenhuis) =>
    platform.signIn((await providerPerson(platform, of, { roles: ['tool-manager'] })).id);
  const numberOf = async (id: string) =>
    (await platform.work('directory', ({ schools }) => schools.get(id))).instellingsnummer as string;
  const administrator = (await world.person('portal-administrator', null, 'Beheer')).client;
  return {
    ...world,
    ...{ rekenhuis, plugins, administrator },
    manager: await managerOf(rekenhuis),
    otherManager: await managerOf(anders),
    coordinator: (await world.person('ict-coordinator', world.school, 'Wouters')).client,
    otherCoordinator: (await world.person('ict-coordinator', world.otherSchool, 'Martens')).client,
    number: await numberOf(world.school),
    otherNumber: await numberOf(world.otherSchool),
    exercise: async (source, key) =>
      (await platform.work('library', ({ activities }) => activities.idsBySource(`tool:${source}`, [key])))[0],
  };
}

/** A day so many days from today in Brussels. */
export const inDays = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Brussels' }).format(new Date(Date.now() + days * 86_400_000));

export const terms = (over: object = {}) => ({
  ...{ name: 'Schooljaar', tools: ['rekenrally'], startsOn: inDays(-10), endsOn: inDays(100), graceDays: 0 },
  ...{ seats: null, counts: 'pupils', price: '€ 4 per leerling' },
  ...over,
});

/** Adds a plan as the provider's manager and grants it to these schools; returns its id. */
export async function plan(world: World, over: object = {}, numbers: readonly string[] = [world.number]): Promise<string> {
  const { body, status } = await world.manager.post(`/api/licences/providers/${world.rekenhuis.id}/plans`, terms(over));
  if (status !== 201) throw new Error(JSON.stringify(body));
  for (const number of numbers) {
    const granted = await world.manager.put(`/api/licences/plans/${body.id}/grants/${number}`, {});
    if (granted.status !== 204) throw new Error(JSON.stringify(granted.body));
  }
  return body.id;
}

/** Removes every plan, so that a test begins without licences. */
export const withoutPlans = ({ platform }: World) =>
  platform.work('licences', async ({ knex }) => {
    for (const table of [
      'warnings',
      'seat_warnings',
      'requests',
      'seats',
      'class_choices',
      'school_choices',
      'group_grants',
      'grants',
    ])
      await knex(table).delete();
    await knex('plans').update({ renews: null });
    await knex('plans').delete();
    await knex('agreements').delete();
  });

/** Moves the last day of a plan, as if time had gone on. */
export const endOn = ({ platform }: World, id: string, day: string) =>
  platform.work('licences', async ({ knex }) => {
    await knex('plans')
      .where({ id })
      .update({ ends_on: day, starts_on: knex.raw('least(starts_on, ?::date)', [day]) });
  });
