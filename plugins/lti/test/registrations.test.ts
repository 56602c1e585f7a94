import { definePlugin } from '@ilearn/core';
import { createTestPlatform, type TestClient } from '@ilearn/core/testing';
import lti, { type RegistrationContribution } from '@ilearn/plugin-lti';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launched } from './support/flow.js';
import { createWorld, directory, type World } from './support/world.js';

type Registered = { key: string; source: string };

const tool = {
  key: 'words',
  name: 'Woordenschat',
  loginUrl: 'https://words.example/login',
  redirectUris: ['https://words.example/launch'],
  jwksUrl: 'https://words.example/jwks',
};

describe('registrations', () => {
  let world: World;
  let admin: TestClient;
  beforeAll(async () => {
    world = await createWorld();
    admin = (await world.person('portal-administrator', null)).client;
  });
  afterAll(() => world?.stop());

  it('are created by an administrator, who gets everything that the tool must know', async () => {
    const made = await admin.post('/api/lti/registrations', tool);
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...tool,
        clientId: expect.any(String),
        deploymentId: '1',
        loginMethod: 'GET',
        release: { name: false, email: false },
        active: true,
        source: null,
      },
    });
    const { body } = await admin.get('/api/lti/registrations');
    expect(body.platform).toMatchObject({ issuer: world.platform.url, jwks_uri: `${world.platform.url}/api/lti/jwks` });
    expect(body.registrations).toContainEqual(made.body);
    expect((await admin.get(`/api/lti/registrations/${made.body.id}`)).body).toEqual(made.body);
  });

  it('are refused with each fault at its place, even if an address is invalid', async () => {
    const { status, body } = await admin.post('/api/lti/registrations', {
      ...tool,
      loginUrl: '',
      jwksUrl: 'jwks',
      redirectUris: [''],
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/loginUrl', '/redirectUris/0', '/jwksUrl']);
  });

  it('are changed, switched off, and removed if nobody used them', async () => {
    const { body } = await admin.post('/api/lti/registrations', { ...tool, key: 'short-lived' });
    const { id, clientId, source: _, ...rest } = body;
    const changed = await admin.put(`/api/lti/registrations/${id}`, { ...rest, name: 'Kort', active: false });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Kort', active: false, clientId } });
    expect((await admin.delete(`/api/lti/registrations/${id}`)).status).toBe(204);
    expect((await admin.get(`/api/lti/registrations/${id}`)).status).toBe(404);
  });

  it('remain with their scores if they were used', async () => {
    await launched(world);
    const [used] = await world.rows('registrations', { key: 'tool-a' });
    expect(await admin.delete(`/api/lti/registrations/${used.id}`)).toMatchObject({
      status: 409,
      body: { type: '/problems/lti/registration-in-use' },
    });
    await launched(world);
  });

  it('have unique keys and client ids', async () => {
    expect(await admin.post('/api/lti/registrations', { ...tool, key: 'tool-a' })).toMatchObject({
      status: 409,
      body: { type: '/problems/lti/registration-taken' },
    });
    expect((await admin.post('/api/lti/registrations', { ...tool, key: 'fresh', clientId: 'client-of-tool-a' })).status).toBe(
      409,
    );
  });

  it.each([
    ['plain http', { loginUrl: 'http://words.example/login' }, '/loginUrl'],
    ['a key set that is no web address', { jwksUrl: 'file:///etc/passwd' }, '/jwksUrl'],
    ['a password in an address', { jwksUrl: 'https://user:secret@words.example/jwks' }, '/jwksUrl'],
    ['a fragment in a redirect', { redirectUris: ['https://words.example/#launch'] }, '/redirectUris/0'],
    ['no redirect at all', { redirectUris: [] }, '/redirectUris'],
    ['a key with spaces', { key: 'two words' }, '/key'],
    ['a blank name', { name: ' ' }, '/name'],
    ['an unknown member', { secret: 'x' }, ''],
  ])('are refused with %s, with the place', async (_, changes, pointer) => {
    const before = (await world.rows('registrations')).length;
    const answer = await admin.post('/api/lti/registrations', { ...tool, key: 'wrong', ...changes });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(await world.rows('registrations')).toHaveLength(before);
  });

  it('are for administrators of the portal only', async () => {
    const teacher = await world.person('teacher', world.school);
    const principal = await world.person('principal', world.school);
    for (const client of [teacher.client, principal.client, world.pupil.client]) {
      expect((await client.get('/api/lti/registrations')).status).toBe(403);
      expect((await client.post('/api/lti/registrations', tool)).status).toBe(403);
    }
    expect((await world.platform.client().get('/api/lti/registrations')).status).toBe(401);
  });
});

describe('a registration that a plugin contributes', () => {
  const contribution = (key: string, changes: object = {}): RegistrationContribution => ({
    ...tool,
    key,
    clientId: `client-${key}`,
    deploymentId: '1',
    release: { name: false, email: false },
    ...changes,
  });
  const connector = (id: string, ...registrations: RegistrationContribution[]) =>
    definePlugin({ id, version: '0.1.0', requires: { lti: '^0.1.0' }, contributes: { 'lti.registrations': registrations } });

  it('exists after the start, and is changed by its plugin only', async () => {
    const platform = await createTestPlatform({ plugins: [directory, lti, connector('connector-one', contribution('one'))] });
    try {
      await platform.grant('0d5ba6a5-3b5e-4d43-8b5e-0d1c0a3c0f01', [{ tenant: null, role: 'portal-administrator' }]);
      const admin = await platform.signIn('0d5ba6a5-3b5e-4d43-8b5e-0d1c0a3c0f01');
      const { body } = await admin.get('/api/lti/registrations');
      expect(body.registrations).toMatchObject([{ key: 'one', clientId: 'client-one', source: 'connector-one', active: true }]);
      const { id, clientId: _, source: __, ...rest } = body.registrations[0];
      expect(await admin.put(`/api/lti/registrations/${id}`, rest)).toMatchObject({
        status: 409,
        body: { type: '/problems/lti/registration-of-plugin' },
      });
      expect((await admin.delete(`/api/lti/registrations/${id}`)).status).toBe(409);

      // Stores these contributions as a start of the portal would, and returns the registrations.
      const start = (contributions: { plugin: string; value: unknown }[]) =>
        platform.work('lti', async ({ knex, log }) => {
          const { RegistrationService } = await import('../dist/registrations/registration-service.js');
          const service = new RegistrationService({ knex, log, contributions: { of: () => contributions } } as never);
          await service.takeContributions();
          return (await service.list()).registrations;
        });
      const changed = { ...contribution('one'), name: 'Een', loginMethod: 'POST' };
      expect(await start([{ plugin: 'connector-one', value: changed }])).toMatchObject([
        { name: 'Een', loginMethod: 'POST', id, active: true },
      ]);
      expect(await start([])).toMatchObject([{ id, active: false }]);
      // Another plugin may contribute the same tool, but not another tool with its key.
      expect(await start([{ plugin: 'connector-two', value: { ...changed, clientId: 'another' } }])).toMatchObject([
        { id, active: false },
      ]);
      expect(await start([{ plugin: 'connector-two', value: changed }])).toMatchObject([
        { id, active: true, source: 'connector-two' },
      ]);
      // Once its plugin no longer contributes it, an administrator may change it.
      await start([]);
      expect(await admin.put(`/api/lti/registrations/${id}`, { ...rest, active: true })).toMatchObject({
        status: 200,
        body: { active: true, source: null },
      });
      expect((await admin.delete(`/api/lti/registrations/${id}`)).status).toBe(204);
    } finally {
      await platform.stop();
    }
  });

  it('does not change what belongs to others, and logs that', async () => {
    const plugins = [
      directory,
      lti,
      connector('connector-one', contribution('one')),
      connector(
        'connector-two',
        contribution('one', { name: 'Roof' }),
        contribution('two', { clientId: 'client-one' }),
        contribution('three'),
      ),
    ];
    const platform = await createTestPlatform({ plugins });
    try {
      const { registrations } = await platform.work<{ registrations: Registered[] }>('lti', ({ registrations }) =>
        registrations.list(),
      );
      expect(registrations.map(({ key, source }) => [key, source]).sort()).toEqual([
        ['one', 'connector-one'],
        ['three', 'connector-two'],
      ]);
      expect(platform.log.join('')).toContain('is skipped: the plugin \\"connector-one\\" already has that key or client id');
    } finally {
      await platform.stop();
    }
  });

  it('with a fault prevents the start, with the place', async () => {
    const wrong = contribution('one', { redirectUris: ['http://words.example/launch'] });
    await expect(createTestPlatform({ plugins: [directory, lti, connector('connector-one', wrong)] })).rejects.toThrow(
      /contributes\.lti\.registrations\[0\]\.redirectUris\.0[\s\S]*must be https/,
    );
  });
});
