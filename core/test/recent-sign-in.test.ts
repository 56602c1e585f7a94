import { expect, test } from 'vitest';
import { everyRoute } from './support/every-route.js';

/** Paths of sensitive acts: ways to sign in, secrets of apps, exports of a person's data, erasure, badges, settings of the portal. */
const sensitive = [
  /\/(factors|identities)(\/|$)/,
  /\/link$/,
  /\/(secrets?|keys|endpoints)$/,
  /\/export(\/file)?$/,
  /\/erasure$/,
  /\/badge$/,
  /^\/settings\/portal\/:plugin$/,
];

/** Plugins about ways into the portal: everything that people with a role change there is sensitive. */
const guarded = new Set(['login', 'sign-in-oidc', 'rosters']);
const open = new Set(['public', 'signed-in']);

const isSensitive = ({ id, route: { method, path, permission } }: Awaited<ReturnType<typeof everyRoute>>[number]): boolean =>
  sensitive.some((pattern) => pattern.test(path)) || (guarded.has(id) && method !== 'GET' && !open.has(String(permission)));

/** Such routes that ask for no recent sign-in, and why. */
const exceptions: Record<string, string> = {
  'GET kernel /privacy/export': 'shows the state of an export, not its content',
  'GET academy /keys': 'public keys, with which certificates are checked',
  'GET library /activities/:id/link': 'the state of the address of an activity',
  'GET privacy /people/:id/export': 'shows the state of an export, not its content',
  'GET privacy /people/:id/erasure': 'shows what would be erased, by table',
  'GET login /people/:id/factors': 'shows that there are factors, not their secrets',
  'GET login /factors': 'shows that there are factors, not their secrets',
  'GET sign-in-oidc /identities': 'shows that there are accounts, not their keys',
  'POST login /badge': 'signing in',
  'DELETE login /classes/:id/pupils/:pupil/badge': 'ending a lost badge must be quick',
  'DELETE login /classes/:id/badges': 'ending lost badges must be quick',
  'PUT login /classes/:id/badge-window': 'opens nothing without a badge and its pictures, for two hours at most',
  'DELETE login /temporary-accounts/:id': 'takes access away',
  'POST login /invitations/:person/again': 'the mail goes to the address of the person',
  'DELETE login /invitations/:person': 'takes access away',
  'DELETE login /schools/:school/invitations/:person': 'takes access away',
  'DELETE sign-in-oidc /waiting/:id': 'gives nobody access',
  'POST sign-in-oidc /schools/:school/providers/remove': 'takes access away',
  'POST rosters /schools/:school/connection/remove': 'takes access away',
  'POST rosters /schools/:school/runs': 'reads what the connection gives, which a recent sign-in set',
  'POST rosters /runs/:id/approve': 'takes over what the connection gave, which a recent sign-in set',
  'POST rosters /runs/:id/reject': 'changes no person',
  'POST privacy /people/:id/consents/:question/link': 'a question to a parent, which gives no access',
};

test('every sensitive act asks for a recent sign-in', async () => {
  const routes = (await everyRoute()).filter(isSensitive);
  const without = routes.flatMap(({ id, route }) => (route.recentSignIn === true ? [] : [`${route.method} ${id} ${route.path}`]));
  expect(without.sort()).toEqual(Object.keys(exceptions).sort());
  expect(routes.length - without.length).toBeGreaterThan(15);
});

test('no route asks it of everybody, signed in or not', async () => {
  const ofAll = (await everyRoute()).filter(({ route }) => route.recentSignIn === true && route.permission === 'public');
  expect(ofAll).toEqual([]);
});
