import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school as addSchool, schoolClass } from '@ilearn/plugin-directory/testing';
import library, { type ActivityRecord } from '@ilearn/plugin-library';
import lti, { type ScoreReceived } from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';

export interface Person {
  id: string;
  client: TestClient;
}

export interface World {
  platform: TestPlatform;
  /** Address of a site that shows one page, whatever is asked: where launches end up. */
  tool: string;
  school: string;
  otherSchool: string;
  /** Teaches class 3A of `school`. */
  teacher: Person;
  /** Teaches 3A too. */
  coTeacher: Person;
  /** Teaches 3B of the same school. */
  colleague: Person;
  /** Teaches in `otherSchool`. */
  stranger: Person;
  /** Two pupils of 3A, by family name: Aerts and Peeters. */
  pupils: [Person, Person];
  /** A pupil of 3B. */
  otherPupil: Person;
  /** A pupil of the class in `otherSchool`. */
  strangePupil: Person;
  class3A: string;
  class3B: string;
  strangeClass: string;
  person(role: string, school: string | null, familyName?: string): Promise<Person>;
  /** A class or group with these teachers and pupils. */
  group(options: {
    school: string;
    name: string;
    kind?: 'class' | 'group';
    teachers: Person[];
    pupils: Person[];
  }): Promise<string>;
  /** Puts an activity in the library; returns its id. */
  activity(over?: Partial<ActivityRecord>): Promise<string>;
  /** An exercise of the tool `practice`. */
  ltiActivity(over?: Partial<ActivityRecord>): Promise<string>;
  /** A path of the teacher's. */
  path(activityIds: string[], over?: Record<string, unknown>, owner?: Person): Promise<any>;
  assign(pathId: string, over?: Record<string, unknown>, by?: Person): Promise<any>;
  /** What the tool tells, delivered as the LTI platform does. */
  score(of: { assignmentId: string; stepId: string; pupil: Person } & Partial<ScoreReceived>): Promise<void>;
  stop(): Promise<void>;
}

/** The server's part of a plugin; pages are built and tried elsewhere. */
export const withoutPages = ({ ui: _pages, ...server }: PluginDefinition): PluginDefinition => server;

/** A portal with two schools, on the real directory, library and LTI platform; with our pages where there is a built UI. */
export async function createWorld(
  config: Record<string, unknown> = {},
  { plugins = [], ...options }: { uiFolder?: string; plugins?: PluginDefinition[] } = {},
): Promise<World> {
  const pages = options.uiFolder === undefined ? withoutPages(myway) : myway;
  const platform = await createTestPlatform({
    plugins: [...[directory, library, lti].map(withoutPages), pages, ...plugins],
    config: { myway: config },
    ...options,
  });
  return worldOn(platform);
}

/** The same in a portal that has these plugins and runs. */
export async function worldOn(platform: TestPlatform): Promise<World> {
  const site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<h1>De oefening</h1>'));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const tool = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  let number = 0;

  const person: World['person'] = async (role, school, familyName = 'Peeters') => {
    const kind = role === 'pupil' ? 'pupil' : 'staff';
    const id = await platform.work('directory', ({ people }) =>
      people.create({ givenName: 'Noor', familyName, kind, roles: [{ tenant: school, role }] }),
    );
    return { id, client: await platform.signIn(id, `Noor ${familyName}`) };
  };
  const group: World['group'] = async ({ school, name, kind = 'class', teachers, pupils }) => {
    const { id } = await schoolClass(platform, { id: school }, { name, teachers, pupils });
    if (kind === 'group') {
      await platform.work('directory', ({ knex }) =>
        knex('classes')
          .where({ id })
          .update({ kind, owner_id: teachers[0]?.id ?? null }),
      );
    }
    return id;
  };
  const activity: World['activity'] = async (over = {}) => {
    number += 1;
    const record: ActivityRecord = {
      source: 'test',
      sourceId: `a${number}`,
      school: null,
      title: `Tekst ${number}`,
      description: '',
      language: 'nl',
      provider: 'Proefuitgever',
      minutes: 10,
      ageFrom: null,
      ageTo: null,
      difficulty: null,
      teacherOnly: false,
      available: true,
      conceptUris: [],
      keywords: [],
      content: { kind: 'text', markdown: 'Een tekst.' },
      ...over,
    };
    const { ids } = await platform.work('library', ({ activities }) => activities.upsert([record]));
    return ids[0];
  };

  const { id: school } = await addSchool(platform, { name: 'De Wijzer' });
  const { id: otherSchool } = await addSchool(platform, { name: 'De Ster' });
  const teacher = await person('teacher', school, 'Janssens');
  const coTeacher = await person('teacher', school, 'Maes');
  const colleague = await person('teacher', school, 'Jacobs');
  const stranger = await person('teacher', otherSchool, 'Mertens');
  const pupils: [Person, Person] = [await person('pupil', school, 'Aerts'), await person('pupil', school, 'Peeters')];
  const otherPupil = await person('pupil', school, 'Willems');
  const strangePupil = await person('pupil', otherSchool, 'Claes');
  await platform.work('lti', ({ registrations }) =>
    registrations.add({
      key: 'practice',
      name: 'Oefentool',
      clientId: 'practice',
      deploymentId: '1',
      loginUrl: `${tool}/login`,
      redirectUris: [`${tool}/launch`],
      jwksUrl: `${tool}/jwks`,
      release: { name: false, email: false },
      loginMethod: 'GET',
    }),
  );

  const world: World = {
    platform,
    tool,
    school,
    otherSchool,
    teacher,
    coTeacher,
    colleague,
    stranger,
    pupils,
    otherPupil,
    strangePupil,
    class3A: await group({ school, name: '3A', teachers: [teacher, coTeacher], pupils }),
    class3B: await group({ school, name: '3B', teachers: [colleague], pupils: [otherPupil] }),
    strangeClass: await group({ school: otherSchool, name: '1A', teachers: [stranger], pupils: [strangePupil] }),
    person,
    group,
    activity,
    ltiActivity: (over = {}) =>
      activity({
        content: {
          kind: 'lti',
          lti: { registration: 'practice', targetLinkUri: `${tool}/tafels/7`, custom: {}, scoreMaximum: 10 },
        },
        ...over,
      }),
    path: async (activityIds, over = {}, owner = teacher) => {
      const answer = await owner.client.post('/api/myway/paths', { title: 'Tafels', activityIds, ...over });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    assign: async (pathId, over = {}, by = teacher) => {
      const answer = await by.client.post(`/api/myway/paths/${pathId}/assignments`, { classId: world.class3A, ...over });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    score: async ({ assignmentId, stepId, pupil, ...over }) => {
      const score: ScoreReceived = {
        school,
        resourceLinkId: `${assignmentId}:${stepId}`,
        personId: pupil.id,
        scoreGiven: 8,
        scoreMaximum: 10,
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
        comment: null,
        timestamp: new Date().toISOString(),
        ...over,
      };
      await platform.work('lti', ({ events }) => events.publish('score-received', score));
      await platform.drain();
    },
    stop: async () => {
      await platform.stop();
      site.closeAllConnections();
      site.close();
    },
  };
  return world;
}
