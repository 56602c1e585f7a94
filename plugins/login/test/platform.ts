import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestPlatform, type TestClient, type TestPlatform, type TestPlatformOptions } from '@ilearn/core/testing';
import directory, { type DirectoryExports } from '@ilearn/plugin-directory';
import login, { preparePassword } from '@ilearn/plugin-login';

export interface School {
  id: string;
  number: string;
}

export interface LoginPlatform extends TestPlatform {
  schools: [School, School];
  /** A person with an account; returns the person's id. */
  person(wish: {
    username: string;
    password: string;
    role?: string;
    school?: School;
    expiresAt?: Date;
    names?: [string, string];
  }): Promise<string>;
  /** Signs in over HTTP, as the page does. */
  attempt(username: string, password: string, client?: TestClient): ReturnType<TestClient['post']>;
  /** The throttles cool down: nobody waits any more, nothing is forgotten. */
  coolDown(): Promise<void>;
}

/** Two schools and nobody in them. */
const rosters: Record<string, string> = {
  'manifest.csv': 'propertyName,value\noneroster.version,1.2\nfile.orgs,bulk\n',
  'orgs.csv':
    'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n' +
    's1,,,Basisschool De Wissel,school,123456,\n' +
    's2,,,Sint-Jozefinstituut,school,654321,\n',
};

/** A portal with directory and login (more plugins, or pages, where a test asks), and two schools. */
export async function startLogin(config: object = {}, more: Partial<TestPlatformOptions> = {}): Promise<LoginPlatform> {
  const platform = await createTestPlatform({
    ...more,
    plugins: [directory, login, ...(more.plugins ?? [])],
    config: { login: config },
  });
  const folder = await mkdtemp(join(tmpdir(), 'ilearn-login-'));
  for (const [name, text] of Object.entries(rosters)) await writeFile(join(folder, name), text);
  const list = await platform.work('login', async ({ directory }: { directory: DirectoryExports }) => {
    await directory.oneroster.importFrom(folder);
    return directory.schools.list();
  });
  await rm(folder, { recursive: true });
  const school = (number: string): School => ({ id: list.find((one) => one.instellingsnummer === number)?.id as string, number });
  const schools: [School, School] = [school('123456'), school('654321')];

  return Object.assign(platform, {
    schools,
    person: async ({
      username,
      password: text,
      role = 'teacher',
      school = schools[0],
      expiresAt,
      names = ['Lien', 'Peeters'],
    }) => {
      const password = await preparePassword(text);
      return platform.work('login', async ({ directory, accounts }) => {
        const personId: string = await directory.people.create({
          givenName: names[0],
          familyName: names[1],
          kind: role === 'pupil' ? 'pupil' : 'staff',
          roles: [{ tenant: role === 'portal-administrator' ? null : school.id, role }],
        });
        await accounts.set({ personId, username, password, expiresAt: expiresAt ?? null });
        return personId;
      });
    },
    attempt: (username, password, client = platform.client()) => client.post('/api/login/session', { username, password }),
    coolDown: () => platform.work('login', ({ knex }) => knex('throttles').update({ blocked_until: knex.fn.now() })),
  } satisfies Omit<LoginPlatform, keyof TestPlatform>);
}
