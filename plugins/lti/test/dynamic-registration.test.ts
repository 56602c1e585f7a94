import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

const tool = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const members = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

let world: World;
let admin: Awaited<ReturnType<World['person']>>;

beforeAll(async () => {
  world = await createWorld();
  admin = await world.person('portal-administrator', null);
});
afterAll(() => world?.stop());

const metadata = (changes: Record<string, unknown> = {}, ofTool: Record<string, unknown> = {}) => ({
  application_type: 'web',
  response_types: ['id_token'],
  grant_types: ['implicit', 'client_credentials'],
  client_name: 'Rekenspel Plus',
  initiate_login_uri: 'https://rekenspel.example/login',
  redirect_uris: ['https://rekenspel.example/launch'],
  jwks_uri: 'https://rekenspel.example/jwks',
  token_endpoint_auth_method: 'private_key_jwt',
  scope: `${scopes.score} ${members} https://other.example/scope`,
  [tool]: {
    domain: 'rekenspel.example',
    target_link_uri: 'https://rekenspel.example/launch',
    claims: ['iss', 'sub', 'name', 'email'],
    messages: [
      { type: 'LtiResourceLinkRequest' },
      { type: 'LtiDeepLinkingRequest', target_link_uri: 'https://rekenspel.example/choose' },
    ],
    ...ofTool,
  },
  ...changes,
});

async function invited(): Promise<{ token: string; configuration: string }> {
  const { status, body } = await admin.client.post('/api/lti/registrations/invitations', {
    address: 'https://rekenspel.example/register?from=a%20b',
  });
  expect(status).toBe(201);
  const url = new URL(body.url);
  expect(url.searchParams.get('from')).toBe('a b');
  return {
    token: url.searchParams.get('registration_token') as string,
    configuration: url.searchParams.get('openid_configuration') as string,
  };
}

const register = async (token: string | null, body: unknown) => {
  const { body: platform } = await call(`${world.platform.url}/api/lti/openid-configuration`);
  return call(platform.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
};
const pending = async () => (await admin.client.get('/api/lti/registrations/pending')).body.tools as any[];

describe('dynamic registration', () => {
  it('tells the tool the platform’s endpoints, messages, scopes and variables', async () => {
    const { configuration } = await invited();
    const { body } = await call(configuration);
    expect(body).toMatchObject({
      issuer: world.platform.url,
      registration_endpoint: `${world.platform.url}/api/lti/register`,
      scopes_supported: expect.arrayContaining(['openid', members, scopes.score]),
      claims_supported: expect.arrayContaining(['iss', 'sub', 'name', 'email']),
      'https://purl.imsglobal.org/spec/lti-platform-configuration': {
        product_family_code: 'ilearn',
        version: expect.any(String),
        messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
        variables: expect.arrayContaining(['User.id', 'Context.id']),
      },
    });
  });

  it('stores the tool as pending: it can do nothing before an administrator approves it, and then what was approved', async () => {
    const { token } = await invited();
    const made = await register(token, metadata());
    expect(made).toMatchObject({
      status: 201,
      body: {
        client_id: expect.any(String),
        scope: `${scopes.score} ${members}`,
        [tool]: { deployment_id: expect.any(String), claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'] },
      },
    });
    const { client_id: clientId } = made.body;
    const [waiting] = await pending();
    expect(waiting).toMatchObject({
      name: 'Rekenspel Plus',
      key: 'rekenspel-plus',
      hosts: ['rekenspel.example'],
      scopes: [scopes.score, members],
      release: { name: true, email: true },
      choosing: true,
    });
    const listed = async () => (await admin.client.get('/api/lti/registrations')).body.registrations.map(({ key }: any) => key);
    expect(await listed()).not.toContain('rekenspel-plus');
    expect((await admin.client.get(`/api/lti/registrations/${waiting.id}`)).status).toBe(404);
    const asked = new URLSearchParams({ client_id: clientId, redirect_uri: 'https://rekenspel.example/launch' });
    expect((await call(`${world.platform.url}/api/lti/auth?${asked}`)).body).toContain('client-unknown');

    const approve = (body: object) => admin.client.post(`/api/lti/registrations/pending/${waiting.id}/approve`, body);
    const none = { name: false, email: false };
    expect((await approve({ scopes: [scopes.lineItem], release: none })).body.type).toMatch(/not-asked-for$/);
    expect((await approve({ scopes: [scopes.score], release: none })).status).toBe(204);
    expect(await pending()).toEqual([]);
    expect((await admin.client.get(`/api/lti/registrations/${waiting.id}`)).body).toMatchObject({
      active: true,
      scopes: [scopes.score],
      release: none,
      deepLinkingUrl: 'https://rekenspel.example/choose',
    });
    expect((await approve({ scopes: [], release: none })).status).toBe(404);
  });

  it('uses a token once, also for two tools at the same time, and lets a refused tool be forgotten', async () => {
    const { token } = await invited();
    const both = await Promise.all([register(token, metadata()), register(token, metadata())]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 401]);
    const [waiting, ...others] = await pending();
    expect(others).toEqual([]);
    expect((await admin.client.delete(`/api/lti/registrations/pending/${waiting.id}`)).status).toBe(204);
    expect(await pending()).toEqual([]);
    expect((await register(token, metadata())).status).toBe(401);
  });

  it('leaves the token usable after a mistake', async () => {
    const { token } = await invited();
    expect((await register(token, metadata({ redirect_uris: [] }))).body).toMatchObject({ error: 'invalid_redirect_uri' });
    expect((await register(token, metadata())).status).toBe(201);
    const [{ id }] = await pending();
    await admin.client.delete(`/api/lti/registrations/pending/${id}`);
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 'invalid_client_metadata'],
    ['no name', metadata({ client_name: ' ' }), 'invalid_client_metadata'],
    ['another application type', metadata({ application_type: 'native' }), 'invalid_client_metadata'],
    ['no id_token', metadata({ response_types: ['code'] }), 'invalid_client_metadata'],
    ['no client_credentials', metadata({ grant_types: ['implicit'] }), 'invalid_client_metadata'],
    [
      'a secret for the token endpoint',
      metadata({ token_endpoint_auth_method: 'client_secret_basic' }),
      'invalid_client_metadata',
    ],
    ['no key set', metadata({ jwks_uri: undefined }), 'invalid_client_metadata'],
    ['no login address', metadata({ initiate_login_uri: undefined }), 'invalid_client_metadata'],
    ['plain http', metadata({ initiate_login_uri: 'http://rekenspel.example/login' }), 'invalid_client_metadata'],
    ['a redirect with a fragment', metadata({ redirect_uris: ['https://rekenspel.example/#x'] }), 'invalid_redirect_uri'],
    ['a redirect by script', metadata({ redirect_uris: ['javascript:alert(1)'] }), 'invalid_redirect_uri'],
    ['no tool configuration', metadata({ [tool]: undefined }), 'invalid_client_metadata'],
    ['no target', metadata({}, { target_link_uri: undefined }), 'invalid_client_metadata'],
    ['a private key set', metadata({ jwks_uri: 'https://10.0.0.1/jwks' }), 'invalid_client_metadata'],
  ])('refuses %s with its error, and stores nothing', async (_name, body, error) => {
    const { token } = await invited();
    expect(await register(token, body)).toMatchObject({ status: 400, body: { error } });
    expect(await pending()).toEqual([]);
  });

  it('is for administrators, and for tools with a token that they gave less than an hour ago', async () => {
    const coordinator = await world.person('ict-coordinator', world.school);
    const body = { address: 'https://rekenspel.example/register' };
    expect((await coordinator.client.post('/api/lti/registrations/invitations', body)).status).toBe(403);
    expect((await coordinator.client.get('/api/lti/registrations/pending')).status).toBe(403);
    expect((await register(null, metadata())).body).toMatchObject({ error: 'invalid_token' });
    expect((await register('invented', metadata())).status).toBe(401);
    const { token } = await invited();
    await world.platform.work('lti', ({ knex }) =>
      knex('registration_tokens').update({ expires_at: knex.raw(`now() - interval '1 minute'`) }),
    );
    expect((await register(token, metadata())).status).toBe(401);
    await expect
      .poll(async () => (await world.rows('trace_lines', { outcome: 'registration-token-invalid' })).length)
      .toBeGreaterThan(2);
    expect(JSON.stringify(await world.rows('registration_tokens'))).not.toContain(token);
  });
});
