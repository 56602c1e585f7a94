import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

const claim = (name: string) => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const role = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${name}`;
const course = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/course#${name}`;
const members = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const grades = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';

let world: World;
let exercise: string;
let text: string;

beforeAll(async () => {
  world = await createWorld();
  exercise = await world.ltiActivity({ title: 'Tafels' });
  text = await world.activity();
  const scope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
  await world.platform.work('lti', ({ knex }) =>
    knex('registrations').update({ scopes: knex.raw('array_append(scopes, ?)', [scope]) }),
  );
});
afterAll(() => world?.stop());

/** Follows the address of a launch, as the browser and the tool do; returns the verified claims. */
async function claimsAt(url: string, { client }: Person): Promise<JWTPayload> {
  const opened = await client.get(new URL(url).pathname);
  const login = new URL(opened.headers.get('location') as string);
  const [registration] = await world.platform.work('lti', ({ knex }) =>
    knex('registrations').where({ client_id: login.searchParams.get('client_id') }),
  );
  const asked = new URLSearchParams({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: registration.client_id,
    redirect_uri: registration.redirect_uris[0],
    login_hint: login.searchParams.get('login_hint') ?? '',
    lti_message_hint: login.searchParams.get('lti_message_hint') ?? '',
    nonce: randomUUID(),
  });
  const page = await fetch(`${world.platform.url}/api/lti/auth?${asked}`);
  const token = /name="id_token" value="([^"]+)"/.exec(await page.text())?.[1] as string;
  const keys = createRemoteJWKSet(new URL(`${world.platform.url}/api/lti/jwks`));
  return (await jwtVerify(token, keys, { audience: registration.client_id })).payload;
}

async function given() {
  const path = await world.path([exercise, text]);
  const assignment = await world.assign(path.id);
  return { path, assignment, step: path.steps[0].id as string };
}

describe('a teacher opens a tool', () => {
  it('from the class board: as Instructor, with the context, resource link and line item of the pupils', async () => {
    const { assignment, step } = await given();
    const { body } = await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/tools`);
    expect(body).toEqual({ steps: [{ stepId: step, title: 'Tafels', provider: expect.any(String) }] });
    const opened = await world.teacher.client.post(`/api/myway/assignments/${assignment.id}/steps/${step}/open`);
    const teacher = await claimsAt(opened.body.url, world.teacher);
    const ofPupil = await world.pupils[0].client.post(`/api/myway/my-paths/${assignment.id}/steps/${step}/open`);
    const pupil = await claimsAt(ofPupil.body.url, world.pupils[0]);
    expect(teacher[claim('roles')]).toEqual([role('Instructor')]);
    expect(pupil[claim('roles')]).toEqual([role('Learner')]);
    for (const name of [claim('context'), claim('resource_link'), members, grades]) expect(teacher[name]).toEqual(pupil[name]);
    expect(teacher[claim('context')]).toMatchObject({ id: assignment.id, type: [course('CourseSection')] });
    expect(teacher[members]).toBeDefined();
    expect((teacher[claim('launch_presentation')] as { return_url: string }).return_url).toContain('/return');
  });

  it('from the builder: the path is a template without members or scores, and its id does not tell which path', async () => {
    const { path } = await given();
    const opened = await world.teacher.client.post(`/api/myway/paths/${path.id}/activities/${exercise}/open`);
    const claims = await claimsAt(opened.body.url, world.teacher);
    expect(claims).toMatchObject({
      [claim('roles')]: [role('Instructor')],
      [claim('context')]: { title: path.title, type: [course('CourseTemplate')] },
    });
    expect([claims[members], claims[grades]]).toEqual([undefined, undefined]);
    expect(JSON.stringify(claims)).not.toContain(path.id);
    expect(
      await world.platform.work('lti', ({ knex }) => knex('line_items').where({ label: 'Tafels', of_placement: false })),
    ).toEqual([]);
  });

  it('from the library: in no context', async () => {
    const opened = await world.teacher.client.post('/api/lti/try-outs', { activityId: exercise });
    const claims = await claimsAt(opened.body.url, world.teacher);
    expect(claims).toMatchObject({ [claim('roles')]: [role('Instructor')], [claim('resource_link')]: { title: 'Tafels' } });
    expect([claims[claim('context')], claims[members], claims[grades]]).toEqual([undefined, undefined, undefined]);
    expect(JSON.stringify(claims)).not.toContain(exercise);
  });

  it('not where it is not theirs, not what is no exercise, and not as a pupil', async () => {
    const { path, assignment, step } = await given();
    const board = `/api/myway/assignments/${assignment.id}/steps/${step}/open`;
    expect((await world.colleague.client.post(board)).status).toBe(404);
    expect((await world.stranger.client.post(board)).status).toBe(404);
    expect((await world.pupils[0].client.post(board)).status).toBe(403);
    expect((await world.teacher.client.post(board.replace(step, path.steps[1].id))).status).toBe(409);
    expect((await world.stranger.client.post(`/api/myway/paths/${path.id}/activities/${exercise}/open`)).status).toBe(404);
    expect((await world.teacher.client.post(`/api/myway/paths/${path.id}/activities/${text}/open`)).status).toBe(409);
    expect((await world.pupils[0].client.post('/api/lti/try-outs', { activityId: exercise })).status).toBe(403);
    expect((await world.teacher.client.post('/api/lti/try-outs', { activityId: text })).status).toBe(409);
    expect((await world.teacher.client.post('/api/lti/try-outs', { activityId: randomUUID() })).status).toBe(404);
    const elsewhere = { activityId: exercise, school: world.otherSchool };
    expect((await world.teacher.client.post('/api/lti/try-outs', elsewhere)).status).toBe(403);
  });
});
