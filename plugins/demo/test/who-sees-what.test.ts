import { randomUUID } from 'node:crypto';
import type { TestClient } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { providerGrants } from './support/portal.js';
import { draw, type SweptPortal, send, startSweptPortal } from './support/requests.js';

/** Roles that are held in the whole portal. */
const inPortal = ['portal-administrator', 'helpdesk-agent', 'data-steward'];
/** Routes for browsers and tools, which tell a refusal in their own way. */
const ownRefusal = ['/api/lti/launches/{id}', '/api/lti/launches/{id}/again'];

interface Access {
  roles: { role: string }[];
  reads: { path: string; who: 'public' | 'signed-in' | string[] }[];
}

let swept: SweptPortal;
let access: Access;
const clients = new Map<string, TestClient>();
beforeAll(async () => {
  swept = await startSweptPortal();
  const { portal, ids } = swept;
  access = await portal.work('privacy', ({ privacy }) => privacy.readAccess('nl'));
  for (const { role } of access.roles) {
    const person = randomUUID();
    const ofProvider = providerGrants.find((grant) => grant.role === role)?.tenant;
    await portal.grant(person, [{ tenant: inPortal.includes(role) ? null : (ofProvider ?? ids.tenant), role }]);
    clients.set(role, await portal.signIn(person));
  }
});
afterAll(() => swept?.portal.stop());

/** What the matrix is about: the roles, not whether this thing may be seen. */
const refusedByRole = ({ status, body }: { status: number; body: any }) =>
  status === 403 && JSON.stringify(body).includes('Your roles do not allow this.');

/** Not the 401 of a route for tools, which asks for a token. */
const asksSession = ({ status, body }: { status: number; body: any }) =>
  status === 401 && (body?.type === '/problems/sign-in-first' || body?.imsx_description === 'Sign in first');

test('each role can read by the API what the matrix says, and nothing else; nor can anybody without a session', async () => {
  const { ids, portal } = swept;
  const reads = swept.operations.filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/api/') && !ownRefusal.includes(path),
  );
  const wrong: string[] = [];
  let compared = 0;
  for (const operation of reads) {
    const rule = access.reads.find(({ path }) => path.replace(/:(\w+)/g, '{$1}') === operation.path);
    // The kernel's own routes need no role.
    if (operation.plugin === 'kernel') continue;
    if (rule === undefined) {
      wrong.push(`${operation.path}: not in the matrix`);
      continue;
    }
    const drawn = draw(operation, ids);
    const stranger = await send(portal.client(), operation, drawn);
    if (asksSession(stranger) !== (rule.who !== 'public')) wrong.push(`${operation.path}: ${stranger.status} without a session`);
    for (const [role, client] of clients) {
      const answer = await send(client, operation, drawn);
      const may = typeof rule.who === 'string' || rule.who.includes(role);
      compared++;
      if (refusedByRole(answer) === may || asksSession(answer)) wrong.push(`${operation.path} as ${role}: ${answer.status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(1_000);
}, 120_000);

test('the page of the officer shows the same, with a name for each role', async () => {
  const administrator = clients.get('portal-administrator') as TestClient;
  const { status, body } = await administrator.get('/api/privacy/who-sees-what?language=nl');
  expect(status).toBe(200);
  expect(body.roles.map(({ id }: { id: string }) => id)).toEqual(access.roles.map(({ role }) => role));
  for (const { id, name } of body.roles) expect(name).not.toBe(id);
  const shown = body.modules.flatMap(({ reads }: { reads: unknown[] }) => reads).length;
  expect(shown).toBeGreaterThan(40);
  for (const role of ['teacher', 'pupil', 'coach']) {
    expect((await (clients.get(role) as TestClient).get('/api/privacy/who-sees-what')).status).toBe(403);
  }
});
