import type { TestPlatform } from '@ilearn/core/testing';
import demo, { administrator, demoAccounts, demoPassword, providerAccounts } from '@ilearn/plugin-demo';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allPlugins, demoPeople, startDemoPortal } from './support/portal.js';

const accounts = [...demoAccounts, administrator, ...providerAccounts];

/** Number of rows in each table of the portal's plugins. */
async function counts(platform: TestPlatform): Promise<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const { id, tables } of allPlugins) {
    await platform.work(id, async ({ knex }) => {
      for (const table of Object.keys(tables ?? {})) {
        const row = await knex(table).count<{ n: string }[]>('* as n').first();
        result[`${id}.${table}`] = Number(row?.n);
      }
    });
  }
  return result;
}

describe('in an empty portal', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startDemoPortal();
  });
  afterAll(() => platform?.stop());

  test('there is a school to try, and a second one that it cannot see', async () => {
    const found = await counts(platform);
    expect(found['directory.schools']).toBe(2);
    expect(found['directory.people']).toBeGreaterThan(200);
    expect(found['login.accounts']).toBe(accounts.length);
  });

  test('the sources of what a school gives are known by school, as suggestions of the academy need them', async () => {
    const given = (school: string) => platform.work('demo', ({ myway }) => myway.paths.sourcesGiven([school]));
    const { first, second } = await demoPeople(platform);
    expect(await given(first)).toContain('tool:practice');
    expect(await given(second)).toEqual([]);
  });

  test('the operator is shown every account and the password', () => {
    const text = platform.announcements.join('\n');
    expect(text).toContain(demoPassword);
    for (const { username, role } of accounts) expect(text).toMatch(new RegExp(`${username}\\s+${role}`));
  });

  test.each(accounts.map(({ username }) => username))('%s signs in', async (username) => {
    const client = platform.client();
    const answer = await client.post('/api/login/session', { username, password: demoPassword });
    expect(answer.status).toBe(200);
    const { session } = (await client.get('/api/kernel/session')).body;
    expect(session.roles.length).toBeGreaterThan(0);
  });

  const signedIn = async (username: string) => {
    const client = platform.client();
    await client.post('/api/login/session', { username, password: demoPassword });
    return client;
  };

  test('a pupil of 3A finds the path: a text to read, then the exercises of the practice tool', async () => {
    const { body } = await (await signedIn('noor.elamrani')).get('/api/myway/my-paths');
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({ title: 'Rekenen tot 100 en de tafels', className: '3A', done: 0 });
    expect(body[0].steps.map(({ kind }: { kind: string }) => kind)).toEqual(['text', 'lti', 'lti', 'lti', 'lti', 'lti']);
    expect(body[0].steps[0]).toMatchObject({ state: 'todo', next: true, lock: null });
  });

  test('a pupil of the other school finds nothing', async () => {
    expect((await (await signedIn('emma.willems')).get('/api/myway/my-paths')).body).toEqual([]);
  });

  test('the password is in no log line', () => {
    expect(platform.log.join('')).not.toContain(demoPassword);
  });

  test('a second start adds nothing and announces the accounts again', async () => {
    // Other plugins add their parts after the start.
    await platform.drain();
    const before = await counts(platform);
    const announced: string[] = [];
    await demo.start?.({
      work: (fn) => platform.work('demo', fn),
      config: { allowPublic: false },
      portal: { url: platform.url, languages: ['nl'] },
      log: { debug() {}, info() {}, warn() {}, error() {} },
      announce: (line) => void announced.push(line),
    });
    expect(await counts(platform)).toEqual(before);
    // The test's portal knows its port only once it serves.
    const lines = (all: readonly string[]) => all.map((line) => line.replace(/localhost:\d+/, 'localhost'));
    expect(lines(announced)).toEqual(lines(platform.announcements));
  });
});

describe('a portal that others can reach', () => {
  const startAt = (url: string) =>
    demo.start?.({
      work: () => Promise.reject(new Error('nothing may be stored')),
      config: { allowPublic: false },
      portal: { url, languages: ['nl'] },
      log: { debug() {}, info() {}, warn() {}, error() {} },
      announce: () => {},
    });

  test.each([
    'https://ilearn.example.be',
    'http://192.168.1.20:3000',
    'http://localhost.example.be',
    'http://127.0.0.1.example.be',
    'http://[2001:db8::1]',
  ])('%s is refused before anything is stored', async (url) => {
    await expect(startAt(url)).rejects.toThrow(/allowPublic: true/);
  });

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('%s counts as this machine', async (url) => {
    await expect(startAt(url)).rejects.toThrow('nothing may be stored');
  });

  test('does not start, and is filled only once its operator allows it', async () => {
    const settings = { publicUrl: 'https://ilearn.example.be' };
    // A portal that other machines reach cannot use a tool with a local address.
    const config = { 'connector-practice': { toolUrl: 'https://oefenhoek.example.be' } };
    await expect(startDemoPortal({ settings, config })).rejects.toThrow(/allowPublic: true/);
    const platform = await startDemoPortal({ settings, config: { ...config, demo: { allowPublic: true, results: false } } });
    expect((await counts(platform))['login.accounts']).toBe(accounts.length);
    await platform.stop();
  });
});
