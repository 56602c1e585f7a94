import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import api from '@ilearn/plugin-api';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import joining from '@ilearn/plugin-joining';
import library from '@ilearn/plugin-library';
import login from '@ilearn/plugin-login';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import notifications from '@ilearn/plugin-notifications';

export const classesScope = 'directory.classes:read';
export const membersScope = 'directory.members:read';
export const progressScope = 'myway.progress:read';

export const plugins = [directory, library, lti, myway, api];
/** Of which joining knows the practice school. */
export const withSandbox = [...plugins, login, notifications, joining];

export interface World {
  portal: TestPlatform;
  providerId: string;
  otherProviderId: string;
  /** Of the provider of the app, and of another provider. */
  developer: TestClient;
  stranger: TestClient;
  administrator: TestClient;
  wissel: SchoolOfWorld;
  brug: SchoolOfWorld;
}

export interface SchoolOfWorld {
  id: string;
  number: string;
  classId: string;
  pupilId: string;
  principal: TestClient;
  coordinator: TestClient;
}

const id = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;

async function schoolOf(portal: TestPlatform, name: string, at: number): Promise<SchoolOfWorld> {
  const added = await school(portal, { name });
  const klas = await schoolClass(portal, added, { name: `${name} 3A` });
  const lotte = await pupil(portal, klas);
  await portal.grant(id(at), [{ tenant: added.id, role: 'principal' }]);
  await portal.grant(id(at + 1), [{ tenant: added.id, role: 'ict-coordinator' }]);
  return {
    id: added.id,
    number: added.instellingsnummer,
    classId: klas.id,
    pupilId: lotte.id,
    principal: await portal.signIn(id(at)),
    coordinator: await portal.signIn(id(at + 1)),
  };
}

/** A portal with two schools and two tool providers. */
export async function createWorld(options: Partial<Parameters<typeof createTestPlatform>[0]> = {}): Promise<World> {
  const portal = await createTestPlatform({ plugins, ...options });
  const makers = await provider(portal, { kind: 'tool-provider', name: 'Lesbouwers' });
  const others = await provider(portal, { kind: 'tool-provider', name: 'Andere makers' });
  const developer = await providerPerson(portal, makers);
  const stranger = await providerPerson(portal, others);
  await portal.grant(id(1), [{ tenant: null, role: 'portal-administrator' }]);
  return {
    portal,
    providerId: makers.id,
    otherProviderId: others.id,
    developer: await portal.signIn(developer.id),
    stranger: await portal.signIn(stranger.id),
    administrator: await portal.signIn(id(1)),
    wissel: await schoolOf(portal, 'De Wissel', 10),
    brug: await schoolOf(portal, 'De Brug', 20),
  };
}

export const appBody = (changes: object = {}) => ({
  name: 'Weekoverzicht',
  description: 'Toont de leersporen van de week op de website van de school.',
  website: 'https://example.org/week',
  scopes: [classesScope, membersScope, progressScope],
  ...changes,
});

/** Registers an app and approves it; returns its id and a secret. */
export async function approvedApp(
  { developer, administrator, providerId }: World,
  changes: object = {},
): Promise<{ id: string; secret: string }> {
  const body = appBody(changes);
  const { body: app } = await developer.post('/api/api/apps', { ...body, provider: providerId });
  await administrator.post(`/api/api/apps/${app.id}/approve`, { ...body, scopes: app.scopes });
  const { body: made } = await developer.post(`/api/api/apps/${app.id}/secrets`, {});
  return { id: app.id, secret: made.secret };
}

/** Asks for a token. */
export async function askToken({ portal }: Pick<World, 'portal'>, values: Record<string, string>, headers: object = {}) {
  const response = await fetch(`${portal.url}/api/api/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...values }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, string> };
}

/** A client with a token of the app. */
export async function tokenOf(world: World, app: { id: string; secret: string }, more: Record<string, string> = {}) {
  const { body } = await askToken(world, { client_id: app.id, client_secret: app.secret, ...more });
  if (body['access_token'] === undefined) throw new Error(JSON.stringify(body));
  return world.portal.client().setHeader('authorization', `Bearer ${body['access_token']}`);
}

/** Gives the class of a school a path with one activity; returns the ids of the activity, the path and the assignment. */
export async function givePath({ portal }: World, { id, classId }: SchoolOfWorld, title: string): Promise<string[]> {
  const { id: an } = await teacher(portal, { id: classId, school: id });
  const record = {
    source: `test:${id}`,
    sourceId: title,
    school: id,
    title: 'Breuken',
    description: '',
    language: 'nl',
    provider: 'School',
    minutes: 5,
    ageFrom: null,
    ageTo: null,
    difficulty: null,
    teacherOnly: false,
    available: true,
    conceptUris: [],
    keywords: [],
    content: { kind: 'text', markdown: 'Tekst' },
  };
  const { ids } = await portal.work('library', ({ activities }) => activities.upsert([record]));
  const path = { school: id, ownerId: an, title, description: '', activityIds: ids };
  const pathId = await portal.work('myway', ({ paths }) => paths.create(path));
  const assignmentId = await portal.work('myway', ({ paths }) => paths.assignToClass({ pathId, classId, byPersonId: an }));
  await portal.drain();
  return [...ids, pathId, assignmentId];
}
