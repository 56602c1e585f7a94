import { createTestPlatform, type TestClient } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school } from '@ilearn/plugin-directory/testing';
import login from '@ilearn/plugin-login';
import notifications from '@ilearn/plugin-notifications';
import rosters from '@ilearn/plugin-rosters';
import oidc from '@ilearn/plugin-sign-in-oidc';
import { clientId, clientSecret, OneRosterServer, type Roster } from './one-roster-server.js';

type Json = Record<string, unknown>;
const reference = (sourcedId: string, type: string) => ({ href: `https://evil.example/${sourcedId}`, sourcedId, type });

export const user = (id: string, role: string, more: Json = {}): Json => ({
  sourcedId: id,
  status: 'active',
  dateLastModified: '2026-09-01T00:00:00Z',
  enabledUser: 'true',
  username: id,
  givenName: id[0]?.toUpperCase() + id.slice(1),
  familyName: 'Peeters',
  role,
  orgs: [reference('S', 'org')],
  roles: [{ roleType: 'primary', role, org: reference('S', 'org') }],
  phone: '0470 00 00 00',
  birthDate: '2016-01-01',
  metadata: { 'smsc.legacyIdentifier': `Key+${id}=` },
  ...more,
});

export const enrolment = (user: string, of: string, role: string, more: Json = {}): Json => ({
  sourcedId: `${of}-${user}`,
  status: 'active',
  role,
  primary: 'true',
  user: reference(user, 'user'),
  class: reference(of, 'class'),
  school: reference('S', 'org'),
  ...more,
});

const schoolClass = (id: string): Json => ({
  sourcedId: id,
  status: 'active',
  title: id.toUpperCase(),
  classType: 'homeroom',
  grades: [id[0] === '1' ? '01' : '02'],
  course: reference('course', 'course'),
  school: reference('S', 'org'),
  terms: [reference('T1', 'academicSession')],
});

export const pupils = ['ali', 'bo', 'cas', 'dina', 'eva', 'finn', 'gust', 'hana', 'ines', 'jef', 'kato', 'lou'];

/** A school of two classes with two teachers and twelve pupils. */
export const aRoster = (): Roster => ({
  orgs: [
    { sourcedId: 'G', status: 'active', name: 'Scholengroep', type: 'district', identifier: '9001' },
    { sourcedId: 'S', status: 'active', name: 'De Wissel', type: 'school', identifier: '023456', parent: reference('G', 'org') },
    { sourcedId: 'D', status: 'active', name: 'Kerkstraat', type: 'department', parent: reference('S', 'org') },
    { sourcedId: 'O', status: 'active', name: 'De Linde', type: 'school', identifier: '654321', parent: reference('G', 'org') },
  ],
  academicSessions: [
    { sourcedId: 'Y', status: 'active', title: '2026-2027', type: 'schoolYear', startDate: '2026-09-01', endDate: '2027-08-31' },
    { sourcedId: 'T1', status: 'active', title: 'T1', type: 'term', startDate: '2026-09-01', endDate: '2026-12-24' },
  ],
  classes: [schoolClass('1a'), schoolClass('2a')],
  users: [
    user('ann', 'teacher', { email: 'ann@wissel.example' }),
    user('bert', 'teacher', { email: 'no address' }),
    ...pupils.map((id) => user(id, 'student', { email: `${id}@wissel.example` })),
    user('oma', 'guardian'),
    user('elders', 'student', {
      orgs: [reference('O', 'org')],
      roles: [{ roleType: 'primary', role: 'student', org: reference('O', 'org') }],
    }),
  ],
  enrollments: [
    enrolment('ann', '1a', 'teacher'),
    enrolment('bert', '2a', 'teacher'),
    ...pupils.map((id, index) => enrolment(id, index < 6 ? '1a' : '2a', 'student')),
  ],
});

export type World = Awaited<ReturnType<typeof createWorld>>;
export type Settings = Record<string, unknown>;

/** A portal with two schools and their ICT coordinators, and a server with the roster of the first. */
export async function createWorld(more: { uiFolder?: string; only?: 'web' } = {}) {
  const server = await OneRosterServer.listen();
  const other = await createTestPlatform({ plugins: [directory] });
  const portal = await createTestPlatform({
    ...more,
    plugins: [directory, login, notifications, oidc, rosters],
    http: { rosters: { hosts: [server.url, other.url] } },
  });
  const wissel = await school(portal, { name: 'De Wissel', instellingsnummer: '023456' });
  const linde = await school(portal, { name: 'De Linde', instellingsnummer: '654321' });
  const clientOf = async (role: string, of: string) => {
    const id = await portal.work('directory', ({ people }) =>
      people.create({ givenName: 'Ida', familyName: 'Claes', kind: 'staff', roles: [{ tenant: of, role }] }),
    );
    return portal.signIn(id, 'Ida');
  };
  const ida = await clientOf('ict-coordinator', wissel.id);
  const settings: Settings = {
    address: server.url,
    path: 'v1p2',
    shape: '1.2',
    authentication: 'body',
    tokenAddress: `${server.url}/ims/oneroster/token`,
    clientId,
    secret: clientSecret,
  };
  const world = {
    portal,
    /** Another portal, whose OneRoster provider is a source. */
    other,
    server,
    wissel,
    linde,
    ida,
    clientOf,
    settings,
    connect: (more: Settings = {}, client: TestClient = ida, of = wissel.id) =>
      client.put(`/api/rosters/schools/${of}/connection`, { ...settings, ...more }),
    start: async (kind: 'preview' | 'manual' = 'manual'): Promise<string> => {
      const { status, body } = await ida.post(`/api/rosters/schools/${wissel.id}/runs`, { kind });
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body.id;
    },
    /** What became of a run once it does not go on by itself: it ended, waits for a decision, or is to be tried again later. */
    settled: async (id: string, client: TestClient = ida): Promise<any> => {
      for (let tries = 0; tries < 1_200; tries++) {
        const row = await portal.work('rosters', ({ runs }) => runs.find(id));
        if (row.tries > 0 || !['reading', 'applying'].includes(row.state)) {
          const { body } = await client.get(`/api/rosters/runs/${id}`);
          return { ...body, tries: row.tries };
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`the run goes on: ${JSON.stringify(await portal.work('rosters', ({ runs }) => runs.find(id)))}`);
    },
    run: async (kind: 'preview' | 'manual' = 'manual') => world.settled(await world.start(kind)),
    decide: async (id: string, what: 'approve' | 'reject') => {
      const { status } = await ida.post(`/api/rosters/runs/${id}/${what}`);
      return { status, run: await world.settled(id) };
    },
    /** Who is in which class, by sourcedId; people without a class under `-`. */
    members: (of = wissel.id): Promise<Record<string, string[]>> =>
      portal.work('directory', async ({ knex }) => {
        const people = await knex('memberships').where({ school_id: of, active: true }).whereNotNull('sourced_id');
        const places = await knex('class_members')
          .join('classes', 'classes.id', 'class_members.class_id')
          .where({ 'classes.school_id': of })
          .select('classes.name', 'class_members.person_id', 'role');
        const found: Record<string, string[]> = {};
        for (const { sourced_id: id, person_id } of people) {
          const in_ = places.filter((each: { person_id: string }) => each.person_id === person_id);
          for (const { name, role } of in_.length > 0 ? in_ : [{ name: '-', role: '-' }])
            found[name] = [...(found[name] ?? []), `${id} ${role}`].sort();
        }
        return found;
      }),
    stop: async () => {
      await portal.stop();
      await other.stop();
      await server.stop();
    },
  };
  return world;
}

/** Sum of what a run changed. */
export const changed = (run: { changes: Record<string, { added: number; changed: number; removed: number }> | null }): number =>
  Object.values(run.changes ?? {}).reduce((sum, { added, changed: more, removed }) => sum + added + more + removed, 0);
