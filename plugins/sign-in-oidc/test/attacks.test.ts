import { school, teacher } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { travel } from './support/browser.js';
import { type SignInPortal, startSignIn } from './support/portal.js';

let portal: SignInPortal;
let wissel: { id: string };

beforeAll(async () => {
  portal = await startSignIn();
  wissel = await school(portal, { name: 'De Wissel', instellingsnummer: '123456' });
});
afterAll(() => portal?.stop());

const uses = (key: string, realm: string, byRoster = true) =>
  portal.work('sign-in-oidc', ({ schoolProviders }) => schoolProviders.set(wissel.id, key, { realm, byRoster }));
const rosterKey = (person: string, provider: string, key: string) =>
  portal.work('sign-in-oidc', ({ rosterKeys }) => rosterKeys.replace(wissel.id, provider, [{ person, key }]));

describe('signing in', () => {
  test('with a generic provider', async () => {
    const an = await teacher(portal, wissel as never);
    await uses('koepel', '');
    await rosterKey(an.id, 'koepel', 'An-1');
    portal.providers.koepel.claims = { sub: 'An-1', name: 'An' };
    const client = portal.client();
    const { to } = await travel(client, 'koepel', '?terug=/account');
    expect(to.pathname, portal.log.slice(-5).join('')).toBe('/account');
    expect((await client.get('/api/kernel/session')).body.session.personId).toBe(an.id);
  });
});
