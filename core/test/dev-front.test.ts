import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { portalEnvironment } from '../dist/cli/dev/environment.js';
import { Front } from '../dist/cli/dev/front.js';

const dataDir = '/srv/plugin/node_modules/.cache/ilearn-dev/data';
const url = 'http://localhost:3000';

describe('issue 12: the environment of the portal that ilearn dev makes', () => {
  test('has nothing that leads to the data of a portal that the shell names', () => {
    const prefix = fc.constantFrom('DATABASE_', 'FILES_', 'SECRET_KEY', 'REDIS_URL');
    const name = fc.oneof(
      fc
        .tuple(prefix, fc.stringMatching(/^[A-Z0-9_]{0,20}$/))
        .map(([start, rest]) => (start === 'REDIS_URL' ? start : start + rest)),
      fc.constantFrom('PATH', 'HOME', 'LOG_LEVEL', 'MY_DATABASE_URL'),
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ minLength: 1 })), (shell) => {
        const made = portalEnvironment(shell, { dataDir, url });
        const leaked = Object.keys(made).filter((each) => /^(DATABASE_|FILES_|SECRET_KEY|REDIS_URL)/.test(each));
        expect(leaked).toEqual([]);
        for (const kept of ['PATH', 'HOME', 'LOG_LEVEL', 'MY_DATABASE_URL']) expect(made[kept]).toBe(shell[kept]);
        // The author's own portal uses its own settings.
        expect(portalEnvironment(shell, { dataDir: undefined, url })).toMatchObject(shell);
      }),
    );
  });

  test('has its own folder, and an address on this machine only', () => {
    const shell = { DATA_DIR: '/var/lib/portal', HOST: '0.0.0.0', PORT: '80', PUBLIC_URL: 'https://portal.example' };
    const own = { HOST: '127.0.0.1', PORT: '0', PUBLIC_URL: url };
    expect(portalEnvironment(shell, { dataDir, url })).toEqual({ DATA_DIR: dataDir, ...own });
    expect(portalEnvironment(shell, { dataDir: undefined, url })).toEqual({ DATA_DIR: '/var/lib/portal', ...own });
  });
});

describe('issue 12: the pages of ilearn dev', () => {
  const signedIn: string[] = [];
  const front = new Front({
    port: async () => null,
    async signIn(role) {
      signedIn.push(role);
      return 'ilearn=secret';
    },
    about: () => ({ roles: ['teacher'], page: '/start' }),
  });
  let port: number;
  beforeAll(async () => {
    port = Number(new URL(await front.listen(0)).port);
  });
  afterAll(() => front.close());

  const get = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers: { host: `localhost:${port}`, ...headers } }, (answer) => {
        resolve(answer.statusCode);
        answer.destroy();
      });
      asked.once('error', reject);
      asked.end();
    });
  const own = ['/@dev/', '/@dev/client.js', '/@dev/events', '/@dev/sign-in?role=teacher'];

  test('are not for other sites, nor for pages on other ports of this machine', async () => {
    for (const site of ['cross-site', 'same-site', 'unknown', '']) {
      for (const path of own) expect(await get(path, { 'sec-fetch-site': site }), `${path} from ${site}`).toBe(403);
    }
    // The name of another site that resolves to this machine.
    for (const host of ['evil.example', `evil.example:${port}`, `localhost:${port}.evil.example`, 'localhost']) {
      for (const path of own) expect(await get(path, { host }), `${path} at ${host}`).toBe(403);
    }
    expect(signedIn).toEqual([]);
  });

  test('are for the address bar, for pages of the portal, and for browsers that do not say', async () => {
    const headers: Record<string, string>[] = [{ 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }, {}];
    for (const each of headers) {
      expect(await Promise.all(own.map((path) => get(path, each)))).toEqual([200, 200, 200, 303]);
    }
    expect(signedIn).toEqual(['teacher', 'teacher', 'teacher']);
    expect(await get('/@dev/sign-in?role=principal', {})).toBe(404);
  });
});
