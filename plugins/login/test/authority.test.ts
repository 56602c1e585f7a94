import { type PreparedPassword, preparePassword } from '@ilearn/plugin-login';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

const password = 'krijt-en-bord-3a';
let platform: LoginPlatform;
let people: Record<string, string>;
let other: PreparedPassword;

beforeAll(async () => {
  platform = await startLogin();
  other = await preparePassword('een-ander-woord-9');
  people = {
    ict: await platform.person({ username: 'ict', password, role: 'ict-coordinator' }),
    principal: await platform.person({ username: 'principal', password, role: 'principal' }),
    teacher: await platform.person({ username: 'teacher', password }),
    administrator: await platform.person({ username: 'administrator', password, role: 'portal-administrator' }),
  };
  // Somebody who signs in elsewhere.
  people['accountless'] = await platform.work('login', ({ directory }) =>
    directory.people.create({
      givenName: 'Paul',
      familyName: 'Peers',
      kind: 'staff',
      roles: [{ tenant: platform.schools[0].id, role: 'principal' }],
    }),
  );
});
afterAll(() => platform?.stop());

/** What another plugin's route does that calls login for whoever asks. */
const askedBy = (who: string, fn: (services: any) => Promise<unknown>) => {
  const { runner } = platform.platform;
  const roles = [{ tenant: platform.schools[0].id, role: who === 'ict' ? 'ict-coordinator' : who }];
  const principal = { kind: 'person' as const, id: people[who] as string, roles, tenants: '*' as const };
  return runner.run({ principal }, (frame) => fn(runner.cradleOf('login', frame)));
};
const reset =
  (who: string) =>
  ({ accounts }: any) =>
    accounts.set({ personId: people[who], username: `${who}-2`, password: other });

test.each([
  ['ict', ['teacher'], ['principal', 'administrator', 'accountless']],
  ['teacher', [], ['ict', 'principal', 'administrator', 'accountless']],
])('attack 8: %s cannot set passwords or end sessions of anybody above them', async (who, may, mayNot) => {
  for (const whose of mayNot) {
    await expect(askedBy(who, reset(whose)), whose).rejects.toMatchObject({ status: 403 });
    await expect(askedBy(who, ({ sessions }) => sessions.endAll(people[whose]))).rejects.toMatchObject({ status: 403 });
    const asPortal = ({ actAs }: any) => actAs({ kind: 'system', id: null, roles: [], tenants: '*' }, reset(whose));
    await expect(askedBy(who, asPortal), 'acting as the portal too').rejects.toMatchObject({ status: 403 });
  }
  for (const whose of may) await expect(askedBy(who, reset(whose))).resolves.toBeUndefined();
  expect((await platform.attempt('principal', password)).status).toBe(200);
});

test('attack 8: an ICT coordinator cannot end the temporary account of a principal', async () => {
  const administrator = await platform.signIn(people['administrator'] as string);
  const wish = { school: platform.schools[0].id, givenName: 'Gast', familyName: 'Een' };
  const made = await administrator.post('/api/login/temporary-accounts', { ...wish, role: 'principal' });
  expect(made.status).toBe(201);
  const ict = await platform.signIn(people['ict'] as string);
  expect((await ict.delete(`/api/login/temporary-accounts/${made.body.id}`)).status).toBe(403);
  expect((await ict.post('/api/login/temporary-accounts', { ...wish, role: 'principal' })).status).toBe(403);
  expect((await ict.get('/api/login/temporary-accounts')).body.roles).toEqual(['pupil', 'teacher', 'ict-coordinator']);
  expect((await administrator.get('/api/login/temporary-accounts')).body.roles).toEqual([
    'pupil',
    'teacher',
    'ict-coordinator',
    'principal',
  ]);
  expect((await administrator.delete(`/api/login/temporary-accounts/${made.body.id}`)).status).toBe(204);
});
