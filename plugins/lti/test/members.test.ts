import { countStatements } from '@ilearn/core/testing';
import { school as addSchool, schoolClass } from '@ilearn/plugin-directory/testing';
import type { RegistrationContribution } from '@ilearn/plugin-lti';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claim, endpointOf, launched } from './support/flow.js';
import { callService, mediaTypes, scopes, type TestTool } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

const membersScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const membersClaim = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const role = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${name}`;
const all = [...Object.values(scopes), membersScope] as NonNullable<RegistrationContribution['scopes']>;

type Person = Awaited<ReturnType<World['person']>>;
interface Listed {
  status: number;
  members: { user_id: string; roles: string[]; status: string; name?: string; email?: string }[];
  next: string | null;
  type: string | null;
  body: any;
}

let world: World;
let tool: TestTool;
let named: TestTool;
let school: string;
let pupil: Person;
let teacher: Person;
let others: Person[];
let classId: string;
let token: string;

beforeAll(async () => {
  world = await createWorld();
  school = (await addSchool(world.platform)).id;
  teacher = await world.person('teacher', school);
  pupil = await world.person('pupil', school);
  others = await Promise.all([1, 2, 3].map(() => world.person('pupil', school)));
  classId = (await schoolClass(world.platform, { id: school }, { name: '3A', teachers: [teacher], pupils: [pupil, ...others] }))
    .id;
  tool = await world.addTool('members-tool', { scopes: all });
  named = await world.addTool('naming-tool', { scopes: all, release: { name: true, email: true } });
  token = await tool.token(membersScope);
});
afterAll(() => world?.stop());

const request = (changes: object = {}) =>
  world.request({
    registration: 'members-tool',
    school,
    resourceLinkId: 'm-step-1',
    context: { id: 'm-path', title: 'Rekenen 3A', classId },
    ...changes,
  });
const launchedAs = (person: Person, changes: object = {}, by: TestTool = tool) =>
  launched(world, { request: request({ personId: person.id, ...changes }), client: person.client, tool: by });
const addressOf = (claims: JWTPayload) => (claims[membersClaim] as { context_memberships_url: string }).context_memberships_url;

async function list(address: string, bearer: string | null = token): Promise<Listed> {
  const { status, body, headers } = await callService(address, bearer);
  return {
    status,
    members: body.members ?? [],
    next: /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null,
    type: headers.get('content-type'),
    body,
  };
}

describe('NRPS 2.0', () => {
  it('certification: the launch has the names and role service claim, with version 2.0', async () => {
    expect((await launchedAs(pupil))[membersClaim]).toEqual({
      context_memberships_url: `${world.platform.url}/api/lti/contexts/m-path/memberships`,
      service_versions: ['2.0'],
    });
  });

  it('certification: a token for the members scope is given by client_credentials, and lists the members in its media type', async () => {
    const claims = await launchedAs(pupil);
    const { status, members, type, body } = await list(addressOf(claims));
    expect(status).toBe(200);
    expect(type).toContain('application/vnd.ims.lti-nrps.v2.membershipcontainer+json');
    expect(body).toMatchObject({ id: addressOf(claims), context: { id: 'm-path', title: 'Rekenen 3A' } });
    expect(members).toHaveLength(5);
    expect(members.every(({ status: each }) => each === 'Active')).toBe(true);
    expect(members.map(({ roles }) => roles[0]).sort()).toEqual([role('Instructor'), ...Array(4).fill(role('Learner'))]);
  });

  it('names everyone by the pseudonym of their launches, also those who launch only later', async () => {
    const address = addressOf(await launchedAs(pupil));
    const { members } = await list(address);
    const later = await launchedAs(others[0] as Person);
    const ofTeacher = await launchedAs(teacher, { role: 'Instructor' });
    expect(members.find(({ user_id }) => user_id === later.sub)?.roles).toEqual([role('Learner')]);
    expect(members.find(({ user_id }) => user_id === ofTeacher.sub)?.roles).toEqual([role('Instructor')]);
    expect(JSON.stringify(members)).not.toContain((others[0] as Person).id);
  });

  it('tells neither names nor addresses unless both the registration and the school release them', async () => {
    const bare = await list(addressOf(await launchedAs(pupil)));
    expect(Object.keys(bare.members[0] as object).sort()).toEqual(['roles', 'status', 'user_id']);
    const naming = {
      registration: 'naming-tool',
      resourceLinkId: 'n-step',
      context: { id: 'n-path', title: 'Rekenen', classId },
    };
    const address = addressOf(await launchedAs(pupil, naming, named));
    const bearer = await named.token(membersScope);
    const closed = await list(address, bearer);
    expect(Object.keys(closed.members[0] as object).sort()).toEqual(['roles', 'status', 'user_id']);
    const open = { release_name: true, release_email: true };
    await world.platform.work('directory', ({ knex }) => knex('schools').where({ id: school }).update(open));
    try {
      const { members } = await list(address, bearer);
      expect(members.every(({ name }) => name === 'Noor van der Eecken' || name !== undefined)).toBe(true);
      expect(members.filter(({ email }) => email !== undefined)).toHaveLength(1);
      // The school may still withhold names, or the whole list, from this tool alone.
      const withhold = (...fields: string[]) =>
        world.platform.work('lti', ({ releases }) => releases.withhold(school, 'naming-tool', fields));
      await withhold('name');
      const nameless = (await list(address, bearer)).members;
      expect(nameless.every(({ name }) => name === undefined)).toBe(true);
      await withhold('members');
      expect((await list(address, bearer)).status).toBe(403);
      expect(await launchedAs(pupil, naming, named)).not.toHaveProperty([membersClaim]);
      await withhold();
      const tools = await world.platform.work('lti', ({ releases }) => releases.of(school));
      const { released } = tools.find(({ key }: { key: string }) => key === 'naming-tool');
      const ofList = (field: string) => released.find((each: any) => each.way === 'members' && each.field === field)?.times;
      expect(['pseudonym', 'name', 'email'].map(ofList)).toEqual([15, 5, 2]);
      expect((await list(addressOf(await launchedAs(pupil)))).members.every(({ name }) => name === undefined)).toBe(true);
    } finally {
      const shut = { release_name: false, release_email: false };
      await world.platform.work('directory', ({ knex }) => knex('schools').where({ id: school }).update(shut));
    }
  });

  it('pages with Link rel="next", without loss or repetition, and keeps the filters', async () => {
    const address = addressOf(await launchedAs(pupil));
    const seen: string[] = [];
    let next: string | null = `${address}?limit=2&role=Learner`;
    for (let pages = 0; next !== null; pages += 1) {
      expect(pages).toBeLessThan(5);
      const page = await list(next);
      expect(page.members.length).toBeLessThanOrEqual(2);
      seen.push(...page.members.map(({ user_id }) => user_id));
      next = page.next;
    }
    const { members } = await list(`${address}?role=${encodeURIComponent(role('Learner'))}`);
    expect(seen).toEqual(members.map(({ user_id }) => user_id));
    expect(new Set(seen).size).toBe(4);
  });

  it('filters by role, and by the resource links of the tool only', async () => {
    const address = addressOf(await launchedAs(pupil));
    expect((await list(`${address}?role=Instructor`)).members).toHaveLength(1);
    expect((await list(`${address}?role=Mentor`)).members).toEqual([]);
    expect((await list(`${address}?rlid=m-step-1`)).members).toHaveLength(5);
    expect((await list(`${address}?rlid=elsewhere`)).status).toBe(404);
    expect((await list(`${address}?limit=0`)).status).toBe(400);
  });

  it('lists only the chosen pupils of a path that is for some of the class', async () => {
    const chosen = [pupil.id, (others[1] as Person).id];
    const context = { id: 'm-some', title: 'Extra', classId, pupils: chosen };
    const claims = await launchedAs(pupil, { context, resourceLinkId: 'm-some-step' });
    expect((await list(`${addressOf(claims)}?role=Learner`)).members).toHaveLength(2);
    const [launch] = await world.rows('launches', { context_id: 'm-some' });
    expect(JSON.stringify(launch)).not.toContain(chosen[1]);
    // An erased pupil must not open the list to the whole class.
    await world.platform.work('lti', ({ knex }) => knex('context_pupils').where({ context_id: 'm-some' }).delete());
    expect((await list(`${addressOf(claims)}?role=Learner`)).members).toEqual([]);
  });

  it('gives an address for what changed since, with who is new, changed or gone, page by page', async () => {
    const joins = await world.person('pupil', school);
    const { id: ownClass } = await schoolClass(
      world.platform,
      { id: school },
      { name: '3B', teachers: [teacher], pupils: [pupil, ...others] },
    );
    const context = { id: 'm-changes', title: 'Wie is erbij?', classId: ownClass };
    const address = addressOf(await launchedAs(pupil, { context, resourceLinkId: 'm-changes-step' }));
    const read = async (url: string) => {
      const answer = await callService(url, token);
      const link = (rel: string) => new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers.get('link') ?? '')?.[1] ?? null;
      return { ...answer, next: link('next'), differences: link('differences'), members: answer.body.members as any[] };
    };
    const enrolments = (work: (rows: any) => unknown) =>
      world.platform.work('directory', ({ knex }) => work(knex('enrolments')) as Promise<unknown>);
    const subOf = async (person: Person) =>
      (await world.rows('subjects', { person_id: person.id })).map(({ sub }: any) => sub as string);

    // Of pages, the last has the address; what changes between two pages is a difference.
    const first = await read(`${address}?limit=3`);
    expect([first.next === null, first.differences]).toEqual([false, null]);
    const last = await read(first.next as string);
    expect(last.next).toBeNull();
    const none = await read(last.differences as string);
    expect(none).toMatchObject({ status: 200, members: [] });

    await enrolments((rows) => rows.insert({ school_id: school, class_id: ownClass, person_id: joins.id, role: 'pupil' }));
    await enrolments((rows) => rows.where({ class_id: ownClass, person_id: (others[0] as Person).id }).delete());
    const changed = await read(none.differences as string);
    expect(changed.members.map(({ status, roles }: any) => [status, roles[0]]).sort()).toEqual([
      ['Active', role('Learner')],
      ['Deleted', role('Learner')],
    ]);
    const gone = changed.members.find(({ status }: any) => status === 'Deleted');
    expect(await subOf(others[0] as Person)).toContain(gone.user_id);
    expect(Object.keys(gone).sort()).toEqual(['roles', 'status', 'user_id']);
    // The same address gives the same again; the newer one gives what came after it.
    expect((await read(none.differences as string)).members).toEqual(changed.members);
    expect((await read(changed.differences as string)).members).toEqual([]);

    // Who comes back is active, who becomes a teacher has the new role; one by one in pages.
    await enrolments((rows) =>
      rows.insert({ school_id: school, class_id: ownClass, person_id: (others[0] as Person).id, role: 'pupil' }),
    );
    await enrolments((rows) => rows.where({ class_id: ownClass, person_id: joins.id }).update({ role: 'teacher' }));
    const seen: any[] = [];
    for (let url: string | null = `${changed.differences}`.replace('limit=3', 'limit=1'); url !== null; ) {
      const page = await read(url);
      expect(page.members.length).toBeLessThanOrEqual(1);
      seen.push(...page.members);
      url = page.next;
    }
    expect(seen.map(({ status, roles }) => [status, roles[0]]).sort()).toEqual([
      ['Active', role('Instructor')],
      ['Active', role('Learner')],
    ]);

    // Only a list of all members has it, and an address is not kept for ever.
    expect((await read(`${address}?role=Learner`)).differences).toBeNull();
    expect((await read(`${address}?since=1000-1`)).status).toBe(410);
    expect((await read(`${address}?since=yesterday`)).status).toBe(400);
    // A hash of what was told is kept, and no more of it.
    const [noted] = await world.rows('noted_members', { person_id: joins.id });
    expect(noted.digest).toHaveLength(32);
  });

  it('is closed to tools that may not list members, to tokens without the scope, and to contexts of others', async () => {
    const address = addressOf(await launchedAs(pupil));
    expect((await list(address, null)).status).toBe(401);
    expect((await list(address, await tool.token(scopes.score))).body).toMatchObject({
      type: '/problems/lti/scope-insufficient',
    });
    expect((await list(address, await named.token(membersScope))).status).toBe(404);
    expect((await world.tool.requestToken(membersScope)).body).toMatchObject({ error: 'invalid_scope' });
    const plain = await launched(world, {
      request: request({
        registration: 'tool-a',
        personId: pupil.id,
        context: { id: 'm-plain', title: 'Zonder', classId },
        resourceLinkId: 'p',
      }),
      client: pupil.client,
    });
    expect(plain[membersClaim]).toBeUndefined();
    const nobody = await launchedAs(pupil, { context: { id: 'm-nobody', title: 'Van niemand' }, resourceLinkId: 'q' });
    expect(nobody[membersClaim]).toBeUndefined();
    expect((await list(`${world.platform.url}/api/lti/contexts/m-nobody/memberships`)).status).toBe(404);
  });

  it('lets the tool score a pupil of the list who did not launch yet, but no teacher and no pupil outside it', async () => {
    const claims = await launchedAs(pupil);
    const { members } = await list(addressOf(claims));
    const late = members.find(({ user_id, roles }) => roles[0] === role('Learner') && user_id !== claims.sub);
    const ofTeacher = await launchedAs(teacher, { role: 'Instructor' });
    const score = async (userId: string | undefined, item = endpointOf(claims).lineitem) =>
      callService(`${item}/scores`, await tool.token(scopes.score), {
        method: 'POST',
        type: mediaTypes.score,
        body: {
          userId,
          scoreGiven: 4,
          scoreMaximum: 10,
          activityProgress: 'Completed',
          gradingProgress: 'FullyGraded',
          timestamp: new Date().toISOString(),
        },
      });
    expect((await score(late?.user_id)).status).toBe(204);
    expect((await score(ofTeacher.sub)).status).toBe(404);
    const outsider = await world.person('pupil', school);
    const elsewhere = await launchedAs(outsider, { context: { id: 'm-else', title: 'Elders' }, resourceLinkId: 'm-else' });
    expect((await score(elsewhere.sub)).status).toBe(404);
  });
});

describe('custom variables', () => {
  it('are all replaced where everything is released and there is a value, and none of a person where nothing is', async () => {
    const { body } = await callService(`${world.platform.url}/api/lti/openid-configuration`, null);
    const names: string[] = body['https://purl.imsglobal.org/spec/lti-platform-configuration'].variables;
    const custom = Object.fromEntries(names.map((name) => [name, `$${name}`]));
    const naming = {
      registration: 'naming-tool',
      resourceLinkId: 'v-step',
      context: { id: 'v-path', title: 'Rekenen', classId },
      custom,
    };
    const open = { release_name: true, release_email: true };
    const releases = (values: object) =>
      world.platform.work('directory', ({ knex }) => knex('schools').where({ id: school }).update(values));
    await releases(open);
    const full = (await launchedAs(teacher, { ...naming, role: 'Instructor' }, named))[claim('custom')] as Record<string, string>;
    await releases({ release_name: false, release_email: false });
    const left = (values: Record<string, string>) => names.filter((name) => values[name] === `$${name}`);
    expect(left(full)).toEqual(['CourseTemplate.title']);
    expect(full).toMatchObject({
      'Person.name.full': 'Noor van der Eecken',
      'LineItem.resultValue.max': '10',
      'Context.label': 'Rekenen',
    });
    const bare = (await launchedAs(teacher, { ...naming, role: 'Instructor' }, named))[claim('custom')] as Record<string, string>;
    expect(left(bare).filter((name) => !name.startsWith('Person.'))).toEqual(['CourseTemplate.title']);
    expect(left(bare).filter((name) => name.startsWith('Person.'))).toHaveLength(4);
  });
});

describe('a list of members', () => {
  it('sends as many statements for one member as for all', async () => {
    const address = addressOf(await launchedAs(pupil));
    const count = countStatements();
    try {
      await list(`${address}?role=Instructor`);
      await list(`${address}?role=Learner`);
    } finally {
      count.stop();
    }
    const texts = count.sent.get('GET /api/lti/contexts/:contextId/memberships') ?? [];
    expect(texts.length).toBeGreaterThan(4);
    expect(texts.slice(texts.length / 2).length).toBe(texts.length / 2);
    const first = (text: string) => text.split(' ').slice(0, 3).join(' ');
    expect(texts.slice(texts.length / 2).map(first)).toEqual(texts.slice(0, texts.length / 2).map(first));
  });
});

describe('a teacher’s launch', () => {
  it('certification: an instructor launch has the role Instructor, the class as context, and the pupils’ resource link', async () => {
    const claims = await launchedAs(teacher, { role: 'Instructor' });
    expect(claims).toMatchObject({
      [claim('roles')]: [role('Instructor')],
      [claim('resource_link')]: { id: 'm-step-1' },
      [claim('context')]: { id: 'm-path', type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection'] },
      [claim('message_type')]: 'LtiResourceLinkRequest',
      [claim('version')]: '1.3.0',
    });
    expect(endpointOf(claims).lineitem).toBe(endpointOf(await launchedAs(pupil)).lineitem);
  });

  it('certification: an instructor launch without release has no personal data, custom variables included', async () => {
    const custom = { name: '$Person.name.full', mail: '$Person.email.primary', role: '$Membership.role' };
    const claims = await launchedAs(teacher, { role: 'Instructor', custom });
    expect(JSON.stringify(claims)).not.toMatch(/Noor|Eecken|school\.example/);
    expect(claims[claim('custom')]).toEqual({ ...custom, role: role('Instructor') });
  });

  it('of a path that is given to nobody has a course template as context; without one it has neither context nor scores', async () => {
    const template = await launchedAs(teacher, {
      role: 'Instructor',
      context: { id: 'm-template', title: 'Pad', kind: 'template' },
      resourceLinkId: 't',
      lineItem: null,
    });
    expect(template).toMatchObject({
      [claim('context')]: { id: 'm-template', type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseTemplate'] },
    });
    const alone = await launchedAs(teacher, { role: 'Instructor', context: null, resourceLinkId: 'try', lineItem: null });
    expect(alone[claim('context')]).toBeUndefined();
    expect(endpointOf(alone)).toBeUndefined();
    expect(alone).toMatchObject({ [claim('resource_link')]: { id: 'try' }, [claim('roles')]: [role('Instructor')] });
  });
});
