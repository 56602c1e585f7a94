import { createTestPlatform, type TestClient, type TestPlatform, type TestPlatformOptions } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school } from '@ilearn/plugin-directory/testing';
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

/** A portal with directory and login (more plugins, or pages, where a test asks), and two schools. */
export async function startLogin(config: object = {}, more: Partial<TestPlatformOptions> = {}): Promise<LoginPlatform> {
  const platform = await createTestPlatform({
    ...more,
    plugins: [directory, login, ...(more.plugins ?? [])],
    config: { login: config },
  });
  const add = async (name: string, number: string): Promise<School> => ({
    id: (await school(platform, { name, instellingsnummer: number })).id,
    number,
  });
  const schools: [School, School] = [await add('Basisschool De Wissel', '123456'), await add('Sint-Jozefinstituut', '654321')];

  const prepared = new Map<string, ReturnType<typeof preparePassword>>();
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
      prepared.set(text, prepared.get(text) ?? preparePassword(text));
      const password = await prepared.get(text);
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
