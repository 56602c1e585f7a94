import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, claim, endpointClaim, endpointOf, initiate, launched } from './support/flow.js';
import { authenticate, readFormPost } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const returnUrl = /\/api\/lti\/launches\/[0-9a-f-]{36}\/return$/;

const launchOf = async (initiation: URLSearchParams) => {
  const [row] = await world.rows('launches', { login_hint: initiation.get('login_hint') });
  return row;
};

describe('a launch', () => {
  it('sends the browser to the tool with all parameters of third-party initiated login', async () => {
    const initiation = await initiate(world);
    expect(Object.fromEntries(initiation)).toEqual({
      iss: world.platform.url,
      target_link_uri: `${world.tool.url}/exercise/7`,
      login_hint: expect.stringMatching(/^[\w-]{20,}$/),
      lti_message_hint: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      client_id: 'client-of-tool-a',
      lti_deployment_id: 'deployment-of-tool-a',
    });
    expect(initiation.toString()).not.toContain(world.pupil.id);
  });

  it('answers with a signed id_token that contains the claims of LTI 1.3, and no more', async () => {
    const before = Math.floor(Date.now() / 1000);
    const request = world.tool.authentication(await initiate(world));
    const post = await authenticate(world.platform.url, request);
    const claims = await world.tool.verify(post.fields.id_token as string);
    expect(claims).toEqual({
      iss: world.platform.url,
      aud: 'client-of-tool-a',
      sub: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      nonce: request.nonce,
      [claim('message_type')]: 'LtiResourceLinkRequest',
      [claim('version')]: '1.3.0',
      [claim('deployment_id')]: 'deployment-of-tool-a',
      [claim('target_link_uri')]: `${world.tool.url}/exercise/7`,
      [claim('resource_link')]: { id: 'step-1', title: 'Tafel van 7' },
      [claim('roles')]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
      [claim('context')]: {
        id: 'path-1',
        title: 'Rekenen 3A',
        type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection'],
      },
      [claim('launch_presentation')]: { document_target: 'window', return_url: expect.stringMatching(returnUrl), locale: 'nl' },
      [claim('tool_platform')]: {
        guid: expect.stringMatching(/^[0-9a-f]{32}$/),
        name: 'i-Learn',
        url: world.platform.url,
        product_family_code: 'ilearn',
        version: '0.1.0',
      },
      [claim('custom')]: { level: '2' },
      [endpointClaim]: {
        scope: ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map(
          (name) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`,
        ),
        lineitems: `${world.platform.url}/api/lti/contexts/path-1/lineitems`,
        lineitem: expect.stringContaining(`${world.platform.url}/api/lti/contexts/path-1/lineitems/`),
      },
    });
    // A tool with a slightly slow clock must accept the token; and the token is short-lived.
    expect(claims.iat).toBeLessThan(before);
    expect((claims.exp as number) - (claims.iat as number)).toBeLessThanOrEqual(300);
    const header = JSON.parse(Buffer.from((post.fields.id_token as string).split('.')[0] as string, 'base64url').toString());
    expect(header).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  });

  it('posts exactly to the registered address, with the unchanged state, by a page that also works without scripts', async () => {
    const state = ' a "state" with <tags> & \'quotes\' = + % é 漢 ';
    const post = await ask(world, await initiate(world), { state });
    expect(post.action).toBe(`${world.tool.url}/launch`);
    expect(Object.keys(post.fields)).toEqual(['state', 'id_token']);
    expect(post.fields.state).toBe(state);
    expect(post.html).toContain('<button>Open Tool tool-a</button>');

    const policy = post.headers.get('content-security-policy') as string;
    const script = /<script>([^<]*)<\/script>/.exec(post.html)?.[1] as string;
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(policy).toMatch(new RegExp(`form-action ${world.tool.url}/launch$`));
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(post.headers.get('cache-control')).toBe('no-store');
  });

  it('accepts the authentication request by POST from the site of the tool too, and ignores cookies there', async () => {
    const initiation = await initiate(world);
    const other = await world.person('pupil', world.school);
    const post = await authenticate(world.platform.url, world.tool.authentication(initiation), {
      method: 'POST',
      cookie: `ilearn=${other.client.cookie('ilearn')}`,
    });
    expect(await world.tool.verify(post.fields.id_token as string)).toMatchObject({ [claim('version')]: '1.3.0' });
  });

  it('posts the login initiation if the tool prefers that', async () => {
    const tool = await world.addTool('posting-tool', { loginMethod: 'POST' });
    const page = await world.pupil.client.get(
      await world.launch(world.pupil.client, world.request({ registration: 'posting-tool' })),
    );
    const post = readFormPost(page.status, page.body, page.headers);
    expect(post).toMatchObject({ status: 200, action: `${tool.url}/login` });
    expect(Object.keys(post.fields)).toEqual([
      'iss',
      'target_link_uri',
      'login_hint',
      'lti_message_hint',
      'client_id',
      'lti_deployment_id',
    ]);
    // The tool answers the form with a redirect to the portal, and Chromium applies form-action to redirects too.
    expect(page.headers.get('content-security-policy')).toContain(`form-action ${tool.url}/login ${world.platform.url}`);
    const answer = await ask(world, new URLSearchParams(post.fields), {}, tool);
    expect(await tool.verify(answer.fields.id_token as string)).toMatchObject({
      [claim('deployment_id')]: 'deployment-of-posting-tool',
    });
  });

  it('identifies a person consistently to one tool, differently to another, and never by the internal id', async () => {
    const second = await world.addTool('second-tool');
    const one = await launched(world);
    const again = await launched(world);
    const elsewhere = await launched(world, { request: world.request({ registration: 'second-tool' }), tool: second });
    expect(again.sub).toBe(one.sub);
    expect(elsewhere.sub).not.toBe(one.sub);
    expect(JSON.stringify([one, elsewhere])).not.toContain(world.pupil.id);
  });

  it('substitutes the variables that it knows and leaves the others unchanged', async () => {
    const custom = {
      plain: 'three',
      who: '$User.id',
      role: '$Membership.role',
      link: '$ResourceLink.id',
      context: '$Context.title',
      back: '$Message.returnUrl',
      family: '$ToolPlatform.productFamilyCode',
      unknown: '$Caliper.url',
      secret: '$Person.name.full',
      inside: 'costs $User.id',
    };
    const claims = await launched(world, { request: world.request({ custom }) });
    expect(claims[claim('custom')]).toEqual({
      plain: 'three',
      who: claims.sub,
      role: 'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner',
      link: 'step-1',
      context: 'Rekenen 3A',
      back: expect.stringMatching(returnUrl),
      family: 'ilearn',
      unknown: '$Caliper.url',
      secret: '$Person.name.full',
      inside: 'costs $User.id',
    });
  });

  it('releases name and e-mail only if the tool asks for them and the school allows it, separately', async () => {
    const asking = await world.addTool('asking', { release: { name: true, email: true } });
    const modest = await world.addTool('modest');
    const teacher = await world.person('teacher', world.school);
    const allow = (releases: object) =>
      world.platform.work('directory', ({ schoolAdmin }) => schoolAdmin.setReleases(world.school, releases));
    const told = async (tool: typeof asking) => {
      const custom = { full: '$Person.name.full', mail: '$Person.email.primary' };
      const request = world.request({ registration: tool.registration.key, personId: teacher.id, role: 'Instructor', custom });
      const claims = await launched(world, { request, client: teacher.client, tool });
      const { name, given_name, family_name, email } = claims;
      return { identity: JSON.parse(JSON.stringify({ name, given_name, family_name, email })), custom: claims[claim('custom')] };
    };
    const nothing = { identity: {}, custom: { full: '$Person.name.full', mail: '$Person.email.primary' } };
    expect(await told(asking)).toEqual(nothing);
    await allow({ name: true });
    expect(await told(asking)).toEqual({
      identity: { name: 'Noor van der Eecken', given_name: 'Noor', family_name: 'van der Eecken' },
      custom: { full: 'Noor van der Eecken', mail: '$Person.email.primary' },
    });
    await allow({ name: false, email: true });
    expect(await told(asking)).toEqual({
      identity: { email: 'noor@school.example' },
      custom: { full: '$Person.name.full', mail: 'noor@school.example' },
    });
    await allow({ name: true, email: true });
    expect(await told(modest)).toEqual(nothing);

    // The school releases names to tools, but not to this one. Each field that went out was counted, without the person.
    const releases = <T>(fn: (service: { of: any; withhold: any }) => Promise<T>): Promise<T> =>
      world.platform.work('lti', ({ releases: service }) => fn(service));
    const counted = async (key: string) => {
      const tools = await releases((service) => service.of(world.school));
      const { released } = tools.find((each: { key: string }) => each.key === key);
      return Object.fromEntries(released.map(({ field, times }: { field: string; times: number }) => [field, Number(times)]));
    };
    await releases((service) => service.withhold(world.school, 'asking', ['name']));
    const before = await counted('asking');
    expect(before).toEqual({ context: 3, language: 3, name: 1, email: 1, pseudonym: 3, role: 3 });
    expect(await told(asking)).toEqual({
      identity: { email: 'noor@school.example' },
      custom: { full: '$Person.name.full', mail: 'noor@school.example' },
    });
    expect(await counted('asking')).toEqual({ context: 4, language: 4, name: 1, email: 2, pseudonym: 4, role: 4 });
    expect(await counted('modest')).toEqual({ context: 1, language: 1, pseudonym: 1, role: 1 });
    await expect(releases((service) => service.withhold(world.school, 'no-such-tool', []))).rejects.toMatchObject({
      status: 404,
    });
    await allow({ name: false, email: false });
  });

  it('gives a teacher the role Instructor, offers no grades if nothing is scored, and omits what is empty', async () => {
    const teacher = await world.person('teacher', world.school);
    const request = world.request({
      personId: teacher.id,
      role: 'Instructor',
      lineItem: null,
      resourceLinkId: 'unscored',
      custom: {},
    });
    const claims = await launched(world, { request, client: teacher.client });
    expect(claims[claim('roles')]).toEqual(['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor']);
    expect(claims).not.toHaveProperty([endpointClaim]);
    expect(claims).not.toHaveProperty([claim('custom')]);
  });

  it('trims white space from every value', async () => {
    const request = world.request({
      resourceLinkId: 'spaces',
      title: '  Tafel\n van\t 7 ',
      context: { id: 'path-1', title: ' Rekenen  3A ' },
    });
    const claims = await launched(world, { request });
    expect(claims[claim('resource_link')]).toEqual({ id: 'spaces', title: 'Tafel van 7' });
    expect(claims[claim('context')]).toMatchObject({ title: 'Rekenen 3A' });
  });

  it('uses the language of the person', async () => {
    const address = await world.launch(world.pupil.client, world.request());
    const { headers } = await world.pupil.client.get(address, { headers: { 'accept-language': 'fr' } });
    const post = await ask(world, new URL(headers.get('location') as string).searchParams);
    const claims = await world.tool.verify(post.fields.id_token as string);
    expect(claims[claim('launch_presentation')]).toMatchObject({ locale: 'fr' });
  });

  it('has one line item for a placement, however often it is launched', async () => {
    const one = endpointOf(await launched(world));
    const two = endpointOf(await launched(world));
    expect(two.lineitem).toBe(one.lineitem);
  });

  it('leaves a record without its content when it is over', async () => {
    const initiation = await initiate(world);
    expect(await launchOf(initiation)).toMatchObject({ state: 'started' });
    await ask(world, initiation);
    expect(await launchOf(initiation)).toMatchObject({
      state: 'consumed',
      failure: null,
      request: null,
      person_id: world.pupil.id,
    });
  });
});

describe('an authentication request with a fault', () => {
  const bad = async (changes: Record<string, string | null>) => {
    const initiation = await initiate(world);
    const post = await ask(world, initiation, changes);
    return { post, initiation };
  };

  it.each([
    ['unregistered', (url: string) => url.replace('/launch', '/elsewhere')],
    ['that only begins like a registered one', (url: string) => `${url}.evil.example`],
    ['with a query added', (url: string) => `${url}?next=https://evil.example`],
    ['percent-encoded', (url: string) => url.replace('/launch', '/%6Caunch')],
    ['with another case', (url: string) => url.replace('/launch', '/Launch')],
    ['with a trailing slash', (url: string) => `${url}/`],
    ['that climbs', (url: string) => `${url}/../launch`],
    ['that runs a script', () => 'javascript:alert(1)'],
    ['missing', () => null],
  ])('never sends anything to a redirect_uri %s', async (_, change) => {
    const { post, initiation } = await bad({ redirect_uri: change(`${world.tool.url}/launch`) });
    expect(post.status).toBe(400);
    expect(post.action).toBeNull();
    expect(post.headers.get('location')).toBeNull();
    expect(post.html).toContain('redirect-uri-mismatch');
    expect(post.html).not.toContain('evil.example');
    // Nothing was used up: the same launch still works.
    expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
  });

  it.each([
    ['client_id of nobody', { client_id: 'nobody' }, 'client-unknown'],
    ['client_id missing', { client_id: null }, 'client-unknown'],
    ['lti_message_hint that is not ours', { lti_message_hint: 'eyJhbGciOiJub25lIn0.e30.' }, 'hint-invalid'],
    ['lti_message_hint of nonsense', { lti_message_hint: 'nonsense' }, 'hint-invalid'],
    ['login_hint of nobody', { login_hint: 'guess' }, 'login-hint-mismatch'],
  ])('shows our own error page for a %s', async (_, changes, code) => {
    const { post, initiation } = await bad(changes);
    expect(post).toMatchObject({ status: 400, action: null });
    expect(post.html).toContain(code);
    expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
  });

  it('with a client_id that cannot be stored is refused before it reaches a route', async () => {
    const { post, initiation } = await bad({ client_id: 'a\0b' });
    expect(post).toMatchObject({ status: 400, action: null });
    expect(JSON.parse(post.html)).toMatchObject({ type: '/problems/validation-failed', errors: [{ pointer: '/client_id' }] });
    // Nothing was used up: the same launch still works.
    expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
  });

  it.each([
    ['response_type=code', { response_type: 'code' }, 'unsupported_response_type'],
    ['no response_type', { response_type: null }, 'unsupported_response_type'],
    ['response_mode=query', { response_mode: 'query' }, 'invalid_request'],
    ['a scope without openid', { scope: 'profile' }, 'invalid_scope'],
    ['prompt=login', { prompt: 'login' }, 'invalid_request'],
    ['no nonce', { nonce: null }, 'invalid_request'],
    ['an empty nonce', { nonce: '' }, 'invalid_request'],
    ['a nonce with a line break', { nonce: 'a\nb' }, 'invalid_request'],
    ['an endless nonce', { nonce: 'n'.repeat(2049) }, 'invalid_request'],
    ['no login_hint', { login_hint: null }, 'invalid_request'],
    ['no lti_message_hint', { lti_message_hint: null }, 'invalid_request'],
  ])('answers %s with the error of OpenID Connect, and no id_token', async (_, changes, error) => {
    const { post, initiation } = await bad(changes);
    expect(post.action).toBe(`${world.tool.url}/launch`);
    expect(post.fields).toMatchObject({ error, error_description: expect.any(String), state: expect.any(String) });
    expect(post.fields).not.toHaveProperty('id_token');
    expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
  });

  it('with a repeated parameter is refused', async () => {
    const query = new URLSearchParams(world.tool.authentication(await initiate(world)));
    query.append('redirect_uri', 'https://evil.example/');
    const answer = await world.platform.client().get(`/api/lti/auth?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('parameter-repeated');
    const form = await fetch(`${world.platform.url}/api/lti/auth`, { method: 'POST', body: query });
    expect(form.status).toBe(400);
    expect(await form.text()).not.toContain('id_token');
  });

  it('records which check failed', async () => {
    const { initiation } = await bad({ nonce: null });
    expect(await launchOf(initiation)).toMatchObject({ state: 'failed', failure: 'nonce-missing' });
  });

  it('newcomer 17: publishes once that a launch failed and why, and nothing if the person reached the tool', async () => {
    const known = await world.failed();
    const initiation = await initiate(world);
    await ask(world, initiation, { nonce: null });
    await ask(world, initiation, { prompt: 'login' });
    await ask(world, initiation, { login_hint: 'somebody-else' });
    const { id, registration_id } = await launchOf(initiation);
    const told = (await world.failed()).slice(known.length);
    expect(told).toEqual([
      {
        school: world.school,
        launchId: id,
        registrationId: registration_id,
        personId: world.pupil.id,
        resourceLinkId: 'step-1',
        reason: 'nonce-missing',
      },
    ]);

    const second = await initiate(world);
    expect((await ask(world, second)).fields).toHaveProperty('id_token');
    await ask(world, second);
    expect(await launchOf(second)).toMatchObject({ state: 'consumed', failure: 'launch-used' });
    await ask(world, second, { lti_message_hint: 'made-up' });
    expect((await world.failed()).length).toBe(known.length + 1);
  });

  it('newcomer 17: publishes that a tool was switched off between the click and the launch', async () => {
    const known = await world.failed();
    await world.addTool('vanished');
    const address = await world.launch(world.pupil.client, world.request({ registration: 'vanished' }));
    await world.platform.work('lti', ({ knex }) => knex('registrations').where({ key: 'vanished' }).update({ active: false }));
    expect((await world.pupil.client.get(address)).status).toBe(400);
    expect((await world.pupil.client.get(address)).status).toBe(400);
    const told = (await world.failed()).slice(known.length);
    expect(told.map(({ reason, launchId }) => [reason, launchId])).toEqual([
      ['client-unknown', new URL(address).pathname.split('/').at(-1)],
    ]);
  });

  it('shows the page in the language of the browser, with a way back', async () => {
    const initiation = await initiate(world);
    await ask(world, initiation);
    const query = new URLSearchParams(world.tool.authentication(initiation));
    const answer = await world.platform.client().get(`/api/lti/auth?${query}`, { headers: { 'accept-language': 'fr' } });
    expect(answer.body).toContain('<html lang="fr">');
    expect(answer.body).toContain('Ce lien a déjà servi');
    expect(answer.body).toContain(`href="${world.platform.url}/mijn-paden/1"`);
    expect(answer.body).toContain('launch-used');
  });
});

describe('a hint', () => {
  it('can be used once', async () => {
    const initiation = await initiate(world);
    expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
    const replay = await ask(world, initiation);
    expect(replay).toMatchObject({ status: 400, action: null });
    expect(replay.html).toContain('launch-used');
    expect(await launchOf(initiation)).toMatchObject({ state: 'consumed', failure: 'launch-used' });
  });

  it('can be used once even if two requests come together', async () => {
    const initiation = await initiate(world);
    const posts = await Promise.all(Array.from({ length: 8 }, () => ask(world, initiation)));
    expect(posts.filter(({ fields }) => 'id_token' in fields)).toHaveLength(1);
    expect(posts.filter(({ status }) => status === 400)).toHaveLength(7);
  });

  it('of one pupil cannot be used by another', async () => {
    const other = await world.person('pupil', world.school);
    const mine = await initiate(world);
    const theirs = await initiate(world, world.request({ personId: other.id }), other.client);
    const mixed = await ask(world, mine, { lti_message_hint: theirs.get('lti_message_hint') });
    expect(mixed).toMatchObject({ status: 400, action: null });
    expect(mixed.html).toContain('login-hint-mismatch');
    // Both launches can still be used.
    expect((await ask(world, mine)).fields).toHaveProperty('id_token');
    expect((await ask(world, theirs)).fields).toHaveProperty('id_token');
  });

  it('is refused if somebody else is signed in to the portal', async () => {
    const other = await world.person('pupil', world.school);
    const initiation = await initiate(world);
    const request = world.tool.authentication(initiation);
    const post = await authenticate(world.platform.url, request, { cookie: `ilearn=${other.client.cookie('ilearn')}` });
    expect(post).toMatchObject({ status: 400, action: null });
    expect(post.html).toContain('person-mismatch');
    const own = await authenticate(world.platform.url, request, { cookie: `ilearn=${world.pupil.client.cookie('ilearn')}` });
    expect(own.fields).toHaveProperty('id_token');
  });

  it('of one tool cannot be used for another', async () => {
    const toolB = await world.addTool('thief');
    const initiation = await initiate(world);
    const post = await ask(world, initiation, {}, toolB);
    expect(post).toMatchObject({ status: 400, action: null });
    expect(post.html).toContain('hint-of-other-tool');
    expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
  });

  it('expires with the launch', async () => {
    const initiation = await initiate(world);
    await world.platform.work('lti', ({ knex }) =>
      knex('launches')
        .where({ login_hint: initiation.get('login_hint') })
        .update({ expires_at: new Date(Date.now() - 1000) }),
    );
    const post = await ask(world, initiation);
    expect(post.html).toContain('launch-expired');
    expect(post.fields).not.toHaveProperty('id_token');
  });

  it('is invalid once the tool is switched off', async () => {
    const tool = await world.addTool('fading');
    const initiation = await initiate(world, world.request({ registration: 'fading' }));
    await world.platform.work('lti', ({ knex }) => knex('registrations').where({ key: 'fading' }).update({ active: false }));
    const post = await ask(world, initiation, {}, tool);
    expect(post.html).toContain('client-unknown');
    expect(post.fields).not.toHaveProperty('id_token');
  });
});

describe('the address of a launch', () => {
  it('works for nobody else, and does not reveal that it exists', async () => {
    const address = await world.launch(world.pupil.client, world.request());
    const other = await world.person('pupil', world.school);
    const elsewhere = await world.person('teacher', world.otherSchool);
    for (const { client } of [other, elsewhere]) {
      const answer = await client.get(address);
      expect(answer.status).toBe(400);
      expect(answer.body).toContain('launch-unknown');
      expect(answer.headers.get('location')).toBeNull();
    }
    expect((await world.platform.client().get(address)).status).toBe(401);
  });

  it('says clearly that it was already used', async () => {
    const address = await world.launch(world.pupil.client, world.request());
    const { headers } = await world.pupil.client.get(address);
    await ask(world, new URL(headers.get('location') as string).searchParams);
    const answer = await world.pupil.client.get(address, { headers: { 'accept-language': 'nl' } });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('Deze link is al gebruikt');
  });
});

describe('an invalid launch', () => {
  const start = (changes: object, client = world.pupil.client) =>
    client.post('/api/caller/launch', { ...world.request(), ...changes });

  it.each([
    ['a return path to another host', { returnPath: '//evil.example/' }],
    ['a return path with a backslash', { returnPath: '/\\evil.example' }],
    ['a return path that is a URL', { returnPath: 'https://evil.example/' }],
    ['a resource link id of 256 characters', { resourceLinkId: 'x'.repeat(256) }],
    ['a resource link id beyond ASCII', { resourceLinkId: 'stap-één' }],
    ['a target that is no web address', { targetLinkUri: 'javascript:alert(1)' }],
    ['a blank title', { title: '   ' }],
    ['a maximum of zero', { lineItem: { label: 'x', scoreMaximum: 0 } }],
  ])('is refused for %s, and leaves nothing behind', async (_, changes) => {
    const before = (await world.rows('launches')).length;
    const answer = await start(changes);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain(Object.keys(changes)[0]);
    expect(await world.rows('launches')).toHaveLength(before);
  });

  it('is refused in the name of someone else', async () => {
    const other = await world.person('pupil', world.school);
    expect((await start({ personId: other.id })).status).toBe(403);
  });

  it('is refused for an unregistered tool', async () => {
    const answer = await start({ registration: 'no-such-tool' });
    expect(answer).toMatchObject({ status: 409, body: { type: '/problems/lti/tool-unavailable' } });
  });

  it('is refused for a placement of another context', async () => {
    await launched(world);
    const answer = await start({ context: { id: 'another-path', title: 'x' } });
    expect(answer).toMatchObject({ status: 409, body: { type: '/problems/lti/resource-link-elsewhere' } });
    expect(await world.rows('contexts', { id: 'another-path' })).toHaveLength(0);
  });

  it('is refused in a school that is not the person’s', async () => {
    const answer = await start({
      school: world.otherSchool,
      context: { id: 'path-of-others', title: 'x' },
      resourceLinkId: 'step-of-others',
    });
    expect(answer.status).toBe(403);
    expect(await world.rows('contexts', { id: 'path-of-others' })).toHaveLength(0);
  });
});
