import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lamp, lamps } from './lamps.js';

const administrator = '33333333-3333-4333-8333-333333333333';
const teacher = '44444444-4444-4444-8444-444444444444';
const school = '11111111-1111-4111-8111-111111111111';

let portal: TestPlatform;
let admin: TestClient;
const ask = (id: string, verb: string, body?: object) => admin.post(`/api/operations/plugins/${id}/${verb}`, body);
const list = async () => (await admin.get('/api/operations/plugins')).body as any[];
const look = async (id: string) => (await list()).find((each) => each.id === id);
/** Once every process did as asked. */
const settled = async (id: string) => {
  await expect.poll(async () => (await list()).some(({ changing }) => changing), { timeout: 10_000 }).toBe(false);
  return look(id);
};

/** Anew where a test left it broken. */
async function start(required: string[]): Promise<void> {
  portal = await createTestPlatform({ plugins: [operations, ...lamps], required });
  await portal.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  await portal.grant(teacher, [{ tenant: school, role: 'teacher' }]);
  admin = await portal.signIn(administrator);
}

describe('modules', () => {
  beforeAll(async () => {
    lamp.broken = true;
    await start(['operations']);
  });
  afterAll(() => portal?.stop());
  beforeEach(() => {
    lamp.broken = false;
  });

  test('are listed with state, cause and remedy, and what requires what', async () => {
    expect(await look('lamp')).toEqual({
      id: 'lamp',
      title: 'lamp',
      package: 'lamp',
      version: '1.2.0',
      contract: 1,
      state: 'quarantined',
      phase: 'start',
      code: 'start-failed',
      causes: [
        { where: 'start', message: 'the lamp is out', remedy: 'See the message, fix it, then: ilearn plugin retry lamp.' },
      ],
      required: false,
      resting: [],
      requires: [],
      dependants: ['room', 'house'],
      changing: false,
      cost: { bootMs: expect.any(Number), requests: 0, requestMs: null, slowStatements: 0, bundleBytes: null },
    });
    expect(await look('room')).toMatchObject({ state: 'quarantined', code: 'requires-what-is-out', requires: ['lamp'] });
    expect(await look('operations')).toMatchObject({ state: 'started', causes: [], required: true });
  });

  test('can be retried, and the result is shown', async () => {
    lamp.broken = true;
    expect((await ask('lamp', 'retry')).status).toBe(204);
    expect(await settled('lamp')).toMatchObject({ state: 'quarantined' });
    lamp.broken = false;
    expect((await ask('lamp', 'retry')).status).toBe(204);
    expect(await settled('lamp')).toMatchObject({ state: 'started', phase: null, code: null, causes: [] });
    expect((await portal.client().get('/api/room/shine')).status).toBe(200);
  });

  test('cannot be disabled while others require them, unless these are too; enabling brings each back', async () => {
    const refused = await ask('lamp', 'disable', {});
    expect([refused.status, refused.body.type, refused.body.plugins]).toEqual([
      409,
      '/problems/plugin-has-dependants',
      ['room', 'house'],
    ]);
    expect(await settled('lamp')).toMatchObject({ state: 'started' });
    expect((await ask('lamp', 'disable', { withDependants: true })).status).toBe(204);
    expect(await settled('lamp')).toMatchObject({ state: 'disabled', dependants: [] });
    expect(await look('house')).toMatchObject({ state: 'disabled' });
    expect((await portal.client().get('/api/room/shine')).body.type).toBe('/problems/plugin-disabled');
    // As the command sees it.
    const { lines } = await portal.platform.operate({ command: 'list', id: '', options: {} });
    expect(lines).toContain('lamp        1.2.0     contract 1  disabled');
    for (const id of ['lamp', 'room', 'house']) {
      expect((await ask(id, 'enable')).status).toBe(204);
      expect(await settled(id)).toMatchObject({ state: 'started' });
    }
    expect((await portal.client().get('/api/room/shine')).status).toBe(200);
  });

  test('are not found if unknown', async () => {
    for (const verb of ['retry', 'enable', 'disable']) expect((await ask('nowhere', verb, {})).status).toBe(404);
    const { rows } = await (await portal.platform.home()).pool.query(`select from kernel.plugin_states where id = 'nowhere'`);
    expect(rows).toEqual([]);
  });

  test('are available to portal administrators only', async () => {
    const other = await portal.signIn(teacher);
    for (const client of [other, portal.client()]) {
      const status = client === other ? 403 : 401;
      expect((await client.get('/api/operations/plugins')).status).toBe(status);
      for (const verb of ['retry', 'enable', 'disable']) {
        expect((await client.post(`/api/operations/plugins/lamp/${verb}`, {})).status).toBe(status);
      }
    }
    expect(await settled('lamp')).toMatchObject({ state: 'started' });
  });
});

describe('a required module', () => {
  beforeAll(() => start(['house']));
  afterAll(() => portal?.stop());

  test('cannot be disabled, nor what it requires, by page or command', async () => {
    for (const id of ['house', 'lamp']) {
      const { status, body } = await ask(id, 'disable', { withDependants: true });
      expect([status, body.type, body.plugins]).toEqual([409, '/problems/plugin-required', ['house']]);
      const refused = await portal.platform.operate({ command: 'disable', id, options: { withDependants: true } });
      expect([refused.code, refused.lines[0]]).toEqual([2, 'This portal requires house.']);
      expect(await settled(id)).toMatchObject({ state: 'started', required: id === 'house' });
    }
  });
});
