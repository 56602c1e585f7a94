import { randomUUID } from 'node:crypto';
import library from '@ilearn/plugin-library';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, claim } from './support/flow.js';
import { call, type TestTool } from './support/tool.js';
import { createWorld, type World, withoutPages } from './support/world.js';

const dl = (name: string) => `https://purl.imsglobal.org/spec/lti-dl/claim/${name}`;
const role = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${name}`;

interface Settings {
  deep_link_return_url: string;
  data: string;
}

let world: World;
let tool: TestTool;
let teacher: Awaited<ReturnType<World['person']>>;

beforeAll(async () => {
  world = await createWorld({ plugins: [withoutPages(library)] });
  tool = await world.addTool('choosing-tool', { deepLinkingUrl: 'https://tool.example/choose' });
  teacher = await world.person('teacher', world.school);
});
afterAll(() => world?.stop());

/** Begins a choice; returns the claims of the request and its settings. */
async function begin(
  returnPath = '/bibliotheek',
  who = teacher,
): Promise<{ claims: JWTPayload; settings: Settings; id: string }> {
  const { body } = await who.client.post('/api/lti/choices', { tool: 'choosing-tool', returnPath });
  const opened = await who.client.get(new URL(body.url).pathname);
  const initiation = new URL(opened.headers.get('location') as string).searchParams;
  const post = await ask(world, initiation, {}, tool);
  const claims = await tool.verify(post.fields.id_token as string);
  const settings = claims[dl('deep_linking_settings')] as Settings;
  return { claims, settings, id: /choices\/([^/]+)\/return/.exec(settings.deep_link_return_url)?.[1] as string };
}

/** The response of the tool; `changes` replace its claims, undefined removes one. */
const responseTo = ({ data }: Settings, items: unknown, changes: Record<string, unknown> = {}) => {
  const claims = {
    iss: 'client-of-choosing-tool',
    aud: world.platform.url,
    sub: undefined,
    nonce: randomUUID(),
    [claim('message_type')]: 'LtiDeepLinkingResponse',
    [claim('version')]: '1.3.0',
    [claim('deployment_id')]: 'deployment-of-choosing-tool',
    [dl('data')]: data,
    [dl('content_items')]: items,
    ...changes,
  };
  return tool.assertion({ claims });
};

async function send({ deep_link_return_url }: Settings, jwt: string | null) {
  const body = new URLSearchParams(jwt === null ? {} : { JWT: jwt });
  const { status, headers, body: page } = await call(deep_link_return_url, { method: 'POST', body });
  return { status, location: headers.get('location'), page: String(page) };
}
const chosen = async (id: string) => (await teacher.client.get(`/api/lti/choices/${id}`)).body;

describe('a deep linking request', () => {
  it('certification: is an LtiDeepLinkingRequest to an Instructor, with what the portal takes, and no resource link', async () => {
    const { claims, settings } = await begin();
    expect(claims).toMatchObject({
      [claim('message_type')]: 'LtiDeepLinkingRequest',
      [claim('version')]: '1.3.0',
      [claim('roles')]: [role('Instructor')],
      [claim('target_link_uri')]: 'https://tool.example/choose',
      [dl('deep_linking_settings')]: {
        accept_types: ['ltiResourceLink', 'link'],
        accept_presentation_document_targets: ['iframe', 'window'],
        accept_multiple: true,
        accept_lineitem: true,
        auto_create: false,
      },
    });
    expect(claims[claim('resource_link')]).toBeUndefined();
    expect(settings.data).toMatch(/^[\w-]{32}$/);
  });

  it('is for tools in which something can be chosen, for teachers, and for their own schools', async () => {
    const body = { tool: 'choosing-tool', returnPath: '/bibliotheek' };
    expect((await world.pupil.client.post('/api/lti/choices', body)).status).toBe(403);
    expect((await teacher.client.post('/api/lti/choices', { ...body, tool: 'tool-a' })).status).toBe(409);
    expect((await teacher.client.post('/api/lti/choices', { ...body, school: world.otherSchool })).status).toBe(403);
    expect((await teacher.client.post('/api/lti/choices', { ...body, returnPath: '//evil.example' })).status).toBe(400);
    const { body: known } = await teacher.client.get('/api/lti/choices/tools');
    expect(known).toEqual({
      tools: [{ key: 'choosing-tool', name: 'Tool choosing-tool' }],
      schools: [{ id: world.school, name: 'De Regenboog' }],
    });
  });
});

describe('a deep linking response', () => {
  const items = [
    {
      type: 'ltiResourceLink',
      title: 'Tafel van 8',
      text: 'Tien sommen',
      url: 'https://tool.example/exercise/8',
      custom: { level: 2, kind: 'tables' },
      lineItem: { label: 'Tafels', scoreMaximum: 20, resourceId: 'r8', tag: 'tables' },
      iframe: {},
    },
    { type: 'link', title: 'Uitleg', url: 'https://tool.example/info' },
    { type: 'html', html: '<b>nee</b>' },
  ];

  it('certification: is shown before anything is kept, and its items are absorbed as activities of the school', async () => {
    const { settings, id } = await begin('/paden/een-pad');
    const sent = await send(settings, await responseTo(settings, items, { [dl('msg')]: 'Klaar!' }));
    expect(sent).toMatchObject({ status: 302, location: `${world.platform.url}/oefenprogrammas/keuze/${id}` });
    const shown = await chosen(id);
    expect(shown).toMatchObject({
      tool: 'Tool choosing-tool',
      state: 'received',
      fault: null,
      message: 'Klaar!',
      returnPath: '/paden/een-pad',
      items: [
        { title: 'Tafel van 8', lineItem: { scoreMaximum: 20 }, presentation: 'frame', fault: null },
        { type: 'link', url: 'https://tool.example/info', fault: null },
        { type: 'html', fault: 'type-not-accepted', url: null },
      ],
    });
    const kept = () => world.platform.work('library', ({ knex }) => knex('activities').where({ source: 'choice:choosing-tool' }));
    expect(await kept()).toEqual([]);
    expect((await teacher.client.post(`/api/lti/choices/${id}/accept`, { items: [2] })).body.type).toMatch(/item-refused$/);
    const accepted = await teacher.client.post(`/api/lti/choices/${id}/accept`, { items: [0, 1] });
    expect(accepted).toMatchObject({
      status: 200,
      body: { returnPath: '/paden/een-pad', activityIds: [expect.any(String), expect.any(String)] },
    });
    const rows = await kept();
    expect(rows).toHaveLength(2);
    expect(rows.find(({ kind }: any) => kind === 'lti')).toMatchObject({
      school_id: world.school,
      title: 'Tafel van 8',
      content: {
        lti: {
          registration: 'choosing-tool',
          targetLinkUri: 'https://tool.example/exercise/8',
          custom: { level: '2', kind: 'tables' },
          scoreMaximum: 20,
          presentation: 'frame',
          lineItem: { label: 'Tafels', resourceId: 'r8', tag: 'tables' },
        },
      },
    });
    expect((await teacher.client.post(`/api/lti/choices/${id}/accept`, { items: [0] })).status).toBe(409);
  });

  it('with the same content finds the same activity; without an address it is the tool’s own', async () => {
    const again = await begin();
    await send(again.settings, await responseTo(again.settings, [items[0], { type: 'ltiResourceLink', title: 'Start' }]));
    const { body } = await teacher.client.post(`/api/lti/choices/${again.id}/accept`, { items: [0, 1] });
    const rows = await world.platform.work('library', ({ knex }) => knex('activities').whereIn('id', body.activityIds));
    expect(rows.find(({ title }: any) => title === 'Start').content.lti.targetLinkUri).toBe(`${tool.url}/launch`);
    expect(await world.platform.work('library', ({ knex }) => knex('activities').where({ title: 'Tafel van 8' }))).toHaveLength(
      1,
    );
  });

  it('can be withdrawn by who chose it, or by the ICT coordinator of the school, and chosen again', async () => {
    const colleague = await world.person('teacher', world.school);
    const coordinator = await world.person('ict-coordinator', world.school);
    const stranger = await world.person('ict-coordinator', world.otherSchool);
    const choose = async (who: typeof teacher) => {
      const { settings, id } = await begin('/bibliotheek', who);
      await send(settings, await responseTo(settings, [{ ...items[0], title: 'Tafel van 9', url: 'https://tool.example/9' }]));
      const { body } = await who.client.post(`/api/lti/choices/${id}/accept`, { items: [0] });
      return body.activityIds[0] as string;
    };
    const activityId = await choose(teacher);
    expect(await choose(colleague)).toBe(activityId);
    const available = async () =>
      (await world.platform.work('library', ({ knex }) => knex('activities').where({ id: activityId }).first())).available;
    const kept = async (who: typeof teacher) =>
      (await who.client.get('/api/lti/choices/kept')).body.kept.filter((each: any) => each.activityId === activityId);
    const [mine] = await kept(teacher);
    expect(mine).toMatchObject({ title: 'Tafel van 9', tool: 'Tool choosing-tool', own: true });
    expect(await kept(coordinator)).toHaveLength(2);
    expect(await kept(stranger)).toEqual([]);
    const withdraw = (who: typeof teacher, id: string) => who.client.delete(`/api/lti/choices/kept/${id}`);
    for (const who of [colleague, stranger]) expect((await withdraw(who, mine.id)).status).toBe(404);

    expect((await withdraw(teacher, mine.id)).body).toEqual({ withdrawn: false });
    expect([await available(), await kept(teacher)]).toEqual([true, []]);
    const [theirs] = await kept(coordinator);
    expect((await withdraw(coordinator, theirs.id)).body).toEqual({ withdrawn: true });
    expect(await available()).toBe(false);
    expect(await choose(teacher)).toBe(activityId);
    expect(await available()).toBe(true);
  });

  it('without items says that nothing was chosen', async () => {
    const { settings, id } = await begin();
    await send(settings, await responseTo(settings, undefined));
    expect(await chosen(id)).toMatchObject({ state: 'received', items: [] });
  });

  it.each<[string, unknown, string | null]>([
    ['a file', { type: 'file', url: 'https://tool.example/a.pdf' }, 'type-not-accepted'],
    ['an image', { type: 'image', url: 'https://tool.example/a.png' }, 'type-not-accepted'],
    ['no type', { url: 'https://tool.example/' }, 'type-missing'],
    ['not an object', 'ltiResourceLink', 'type-missing'],
    ['a link without address', { type: 'link', title: 'x' }, 'url-missing'],
    ['a script as address', { type: 'link', url: 'javascript:alert(1)' }, 'url-invalid'],
    ['a data address', { type: 'ltiResourceLink', url: 'data:text/html,x' }, 'url-invalid'],
    ['plain http', { type: 'ltiResourceLink', url: 'http://tool.example/' }, 'url-invalid'],
    ['a password in the address', { type: 'link', url: 'https://a:b@tool.example/' }, 'url-invalid'],
    ['settings that are a list', { type: 'ltiResourceLink', custom: ['a'] }, 'custom-invalid'],
    ['settings in depth', { type: 'ltiResourceLink', custom: { a: { b: 1 } } }, 'custom-invalid'],
    ['a line item without maximum', { type: 'ltiResourceLink', lineItem: { label: 'x' } }, 'line-item-invalid'],
    ['a line item of zero', { type: 'ltiResourceLink', lineItem: { scoreMaximum: 0 } }, 'line-item-invalid'],
    ['mark-up in the title', { type: 'link', title: '<script>x</script>\u202e', url: 'https://tool.example/' }, null],
  ])('an item that is %s is shown with what is wrong', async (_name, item, fault) => {
    const { settings, id } = await begin();
    await send(settings, await responseTo(settings, [item]));
    const { items: shown } = await chosen(id);
    expect(shown[0]).toMatchObject({ fault });
    expect(shown[0].title).not.toMatch(/\u202e/);
  });

  it.each<[string, (settings: Settings) => Promise<string | null>, string]>([
    ['no JWT', async () => null, 'response-missing'],
    ['a text', async () => 'hello', 'response-malformed'],
    ['of another issuer', (settings) => responseTo(settings, [], { iss: 'client-of-tool-a' }), 'issuer-mismatch'],
    ['for another platform', (settings) => responseTo(settings, [], { aud: 'https://other.example' }), 'audience-mismatch'],
    ['that has expired', (settings) => responseTo(settings, [], { exp: 1_000_000_000 }), 'response-expired'],
    [
      'from the future',
      (settings) => responseTo(settings, [], { iat: 4_000_000_000, exp: 4_000_000_100 }),
      'response-from-future',
    ],
    ['without a time of issue', (settings) => responseTo(settings, [], { iat: undefined }), 'claim-invalid'],
    ['without a nonce', (settings) => responseTo(settings, [], { nonce: undefined }), 'nonce-missing'],
    [
      'of another type',
      (settings) => responseTo(settings, [], { [claim('message_type')]: 'LtiResourceLinkRequest' }),
      'message-type-wrong',
    ],
    ['of another version', (settings) => responseTo(settings, [], { [claim('version')]: '1.3' }), 'version-wrong'],
    ['of another deployment', (settings) => responseTo(settings, [], { [claim('deployment_id')]: '1' }), 'deployment-mismatch'],
    ['without its data', (settings) => responseTo(settings, [], { [dl('data')]: undefined }), 'data-mismatch'],
    [
      'with the data of another request',
      (settings) => responseTo(settings, [], { [dl('data')]: `${settings.data}x` }),
      'data-mismatch',
    ],
    ['with items that are no list', (settings) => responseTo(settings, { type: 'link' }), 'items-invalid'],
    ['that reports an error', (settings) => responseTo(settings, [], { [dl('errormsg')]: 'Oeps' }), 'tool-error'],
    [
      'signed with another key',
      async (settings) => {
        const { privateKey } = await generateKeyPair('RS256');
        return tool.assertion({
          key: privateKey,
          claims: { iss: 'client-of-choosing-tool', aud: world.platform.url, [dl('data')]: settings.data },
        });
      },
      'signature-invalid',
    ],
    [
      'signed with a shared secret',
      async (settings) =>
        new SignJWT({
          [dl('data')]: settings.data,
          iss: 'client-of-choosing-tool',
          aud: world.platform.url,
          iat: 1,
          exp: 4_000_000_000,
        })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode('a shared secret of the tool and nobody else')),
      'algorithm-refused',
    ],
  ])('%s is refused with its code, and keeps nothing', async (_name, make, code) => {
    const { settings, id } = await begin();
    expect((await send(settings, await make(settings))).status).toBe(302);
    expect(await chosen(id)).toMatchObject({ state: 'open', fault: code, items: [] });
    expect((await teacher.client.post(`/api/lti/choices/${id}/accept`, { items: [0] })).status).toBe(409);
    await expect
      .poll(async () => (await world.rows('trace_lines', { step: 'deep-linking', outcome: code })).length)
      .toBeGreaterThan(0);
    // The tool may try again.
    expect((await send(settings, await responseTo(settings, [items[1]]))).status).toBe(302);
    expect(await chosen(id)).toMatchObject({ state: 'received', fault: null });
  });

  it('is taken once, and a nonce is not taken for another request', async () => {
    const one = await begin();
    const nonce = randomUUID();
    await send(one.settings, await responseTo(one.settings, [], { nonce }));
    const repeated = await send(one.settings, await responseTo(one.settings, [items[1]]));
    expect(repeated.status).toBe(400);
    expect(repeated.page).toContain('choice-over');
    const other = await begin();
    await send(other.settings, await responseTo(other.settings, [], { nonce }));
    expect(await chosen(other.id)).toMatchObject({ fault: 'nonce-replayed' });
    const unknown = `${world.platform.url}/api/lti/choices/${randomUUID()}/return`;
    expect((await call(unknown, { method: 'POST', body: new URLSearchParams({ JWT: 'x' }) })).status).toBe(400);
  });

  it('is shown to the teacher who asked only', async () => {
    const { settings, id } = await begin();
    await send(settings, await responseTo(settings, [items[1]]));
    const colleague = await world.person('teacher', world.school);
    expect((await colleague.client.get(`/api/lti/choices/${id}`)).status).toBe(404);
    expect((await colleague.client.post(`/api/lti/choices/${id}/accept`, { items: [0] })).status).toBe(404);
  });
});
