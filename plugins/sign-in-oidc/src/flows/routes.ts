import { nothing, Problem, type RouteRequest, redirect, redirectTo, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { ProviderContribution } from '../protocols/contribution.js';
import { refusalOf } from '../protocols/oidc.js';
import { type FlowSecrets, type LogoutNotice, type Proof, SignInRefused } from '../protocols/protocol.js';
import type { Browser, Flow } from './flows.js';
import { type Failure, failurePage } from './outcome.js';
import { home, safeReturnPath } from './return-path.js';

const route = routeFor<Cradle>();

/** Seconds for the calls to a provider. */
const SECONDS = 20;
const FORM_LIMIT = 32_768;
const params = z.object({ provider: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) });
const form = z.record(z.string().max(100), z.union([z.string(), z.array(z.string()).max(10)]));
const audit = { none: 'Nobody is known yet, and nothing about anybody is shown.' };
const elsewhere = redirect('To the provider, to the page that was asked for, or to a page that says what went wrong');

/** The `state` of an answer, if there is exactly one. */
const stateOf = (answer: URLSearchParams): string | null => {
  const [state = null, ...others] = answer.getAll('state');
  return others.length === 0 ? state : null;
};

const queryIn = (url: string): URLSearchParams => new URL(url, 'http://portal.invalid').searchParams;

const browserOf = ({ address, header }: RouteRequest): Browser => ({ address, cookies: header('cookie') });

const refusedBy = (error: unknown): SignInRefused => (error instanceof SignInRefused ? error : refusalOf(error));

/** The address of the provider to go to, and the secrets of the flow that leads there. */
async function leadOut(
  provider: ProviderContribution,
  { secrets, redirectUri, fresh }: { secrets: FlowSecrets; redirectUri: string; fresh: boolean },
  signal: AbortSignal,
): Promise<{ secrets: FlowSecrets; fresh: boolean; location: string } | { refusal: SignInRefused }> {
  try {
    const location = await provider.protocol.start({ ...secrets, fresh, redirectUri, http: provider.http(), signal });
    return { secrets, fresh, location: location.href };
  } catch (error) {
    return { refusal: refusedBy(error) };
  }
}

const start = route({
  method: 'GET',
  path: '/:provider/start',
  summary: 'Go to a provider to sign in',
  permission: 'public',
  audit,
  params,
  query: z.object({ terug: z.string().max(2_000).default(home), school: z.uuid().optional() }),
  responses: { 303: elsewhere },
  outside: {
    seconds: SECONDS,
    async call({ params: { provider: key }, read, signal }) {
      const { provider, ...flow } = await read(async ({ signInProviders, flows, sessions }) => ({
        provider: signInProviders.get(key),
        redirectUri: signInProviders.redirectUri(key),
        secrets: await flows.newSecrets(),
        // Whoever is signed in here and signs in again is asked to before a sensitive act, or is somebody else.
        fresh: sessions.current() !== null,
      }));
      return leadOut(provider, flow, signal);
    },
  },
  async handler({ params: { provider }, query: { terug, school = null }, request, result, services: { flows, log } }) {
    if ('refusal' in result) {
      log.warn({ provider, check: result.refusal.message }, 'a sign-in could not begin');
      return failurePage(result.refusal.reason, { school, provider });
    }
    const purpose = { provider, returnPath: safeReturnPath(terug), school, link: null, fresh: result.fresh };
    const setCookie = await flows.begin(result.secrets, purpose, browserOf(request));
    return reply(303, undefined, { location: result.location, 'set-cookie': setCookie });
  },
});

const link = route({
  method: 'POST',
  path: '/:provider/link',
  summary: 'Go to a provider to add a way to sign in; shortly after signing in only',
  permission: 'signed-in',
  recentSignIn: true,
  machines: { none: 'It concerns the account of the signed-in person.' },
  params,
  responses: { 200: z.object({ location: z.url() }) },
  outside: {
    seconds: SECONDS,
    async call({ params: { provider: key }, read, signal }) {
      const { provider, ...flow } = await read(async ({ signInProviders, flows }) => ({
        provider: signInProviders.get(key),
        redirectUri: signInProviders.redirectUri(key),
        secrets: await flows.newSecrets(),
      }));
      // Somebody else may still be signed in at the provider in this browser.
      return leadOut(provider, { ...flow, fresh: true }, signal);
    },
  },
  async handler({ params: { provider }, principal, request, result, services: { flows, sessions } }) {
    const session = sessions.current();
    if (session === null) throw new Error('the route requires a session');
    if ('refusal' in result) {
      throw new Problem({ type: 'sign-in-oidc/unavailable', status: 502, title: 'The provider does not answer' });
    }
    const purpose = {
      provider,
      returnPath: '/account',
      school: null,
      link: { person: principal.id as string, session: session.handle },
      fresh: result.fresh,
    };
    const setCookie = await flows.begin(result.secrets, purpose, browserOf(request));
    return reply(200, { location: result.location }, { 'set-cookie': setCookie });
  },
});

type Returned = { flow: Flow | null; proof: Proof } | { flow: Flow | null; refusal: SignInRefused };

const callback = route({
  method: 'GET',
  path: '/:provider/callback',
  summary: 'Come back from a provider',
  permission: 'public',
  params,
  changes: 'Signs the person in.',
  responses: { 303: elsewhere },
  outside: {
    seconds: SECONDS,
    async call({ params: { provider: key }, request, read, signal }): Promise<Returned> {
      const query = queryIn(request.url);
      const found = await read(async ({ signInProviders, flows, clock }) => ({
        provider: signInProviders.get(key),
        redirectUri: signInProviders.redirectUri(key),
        flow: await flows.find(key, stateOf(query), request.header('cookie')),
        now: clock.now(),
      }));
      const { provider, flow, redirectUri, now } = found;
      if (flow === null) return { flow, refusal: new SignInRefused('flow', 'no such flow') };
      const byForm = provider.protocol.responseMode === 'form_post';
      if (byForm && flow.answer === null) return { flow, refusal: new SignInRefused('flow', 'no answer by a form') };
      // Of the address that the client asked for only the query counts: behind a proxy, the rest is not that of the portal.
      const answer = new URL(redirectUri);
      answer.search = byForm ? (flow.answer as string) : query.toString();
      try {
        const { secrets, startedAt, fresh } = flow;
        return {
          flow,
          proof: await provider.protocol.finish({ ...secrets, answer, startedAt, fresh, now, http: provider.http(), signal }),
        };
      } catch (error) {
        return { flow, refusal: refusedBy(error) };
      }
    },
  },
  async handler({ params: { provider: key }, request, result, services }) {
    const { flow } = result;
    const { flows, signInProviders, arrivals, sessions, log } = services;
    const taken = flow !== null && (await flows.take(key, stateOf(queryIn(request.url)), request.header('cookie')));
    const fail = (reason: Failure, check: string, more: { school?: string | null; waits?: boolean } = {}) => {
      log.warn({ provider: key, reason, check }, 'a sign-in was refused');
      return failurePage(reason, { school: flow?.school ?? null, provider: key, ...more });
    };
    if (flow === null || !taken) {
      // The back button, a second tab, or a reload: whoever is signed in stays so.
      return sessions.current() === null ? fail('flow', 'used, expired, or of another browser') : redirectTo(home, 303);
    }
    if ('refusal' in result) return fail(result.refusal.reason, result.refusal.message);
    const arrival = await arrivals.arrive(signInProviders.get(key), flow, result.proof);
    switch (arrival.kind) {
      case 'signed-in':
        return redirectTo(
          arrival.choose ? `/aanmelden/school?${new URLSearchParams({ terug: flow.returnPath })}` : flow.returnPath,
          303,
        );
      case 'linked':
        return redirectTo('/account', 303);
      case 'again': {
        const query = new URLSearchParams({ terug: flow.returnPath, ...(flow.school === null ? {} : { school: flow.school }) });
        return redirectTo(`/api/sign-in-oidc/${key}/start?${query}`, 303);
      }
      case 'ask':
        return fail('ask', 'nobody of the school is known by this account', arrival);
      default:
        return fail(arrival.kind, 'the account or session does not fit');
    }
  },
});

const formPost = route({
  method: 'POST',
  path: '/:provider/callback',
  summary: 'The answer of a provider by a form (OAuth 2.0 Form Post Response Mode)',
  permission: 'public',
  // It comes from a page of the provider, so without cookies. The request that follows has them.
  session: false,
  params,
  consumes: ['application/x-www-form-urlencoded'],
  body: form,
  bodyLimit: FORM_LIMIT,
  responses: { 303: elsewhere },
  async handler({ params: { provider: key }, body, services: { flows, signInProviders } }) {
    const { protocol } = signInProviders.get(key);
    const answer = new URLSearchParams();
    for (const [name, value] of Object.entries(body)) for (const one of [value].flat()) answer.append(name, one);
    const state = stateOf(answer);
    if (protocol.responseMode === 'form_post') await flows.keepAnswer(key, state, answer.toString());
    return redirectTo(`/api/sign-in-oidc/${key}/callback?${new URLSearchParams(state === null ? {} : { state })}`, 303);
  },
});

const signOut = route({
  method: 'POST',
  path: '/sign-out',
  summary: 'Sign out here; the answer says where to sign out at the provider too',
  permission: 'signed-in',
  machines: { none: 'It concerns the session of the signed-in person.' },
  responses: { 200: z.object({ location: z.url().nullable() }) },
  outside: {
    seconds: SECONDS,
    async call({ read, signal }): Promise<string | null> {
      const found = await read(async ({ identities, signInProviders, sessions, portal }) => {
        const session = sessions.current();
        const begun = session === null ? null : await identities.providerOf(session.handle);
        if (begun === null || begun.idToken === null) return null;
        return { provider: signInProviders.find(begun.provider), idToken: begun.idToken, returnTo: `${portal.url}/aanmelden` };
      });
      if (found === null || found.provider === null) return null;
      const { provider, idToken, returnTo } = found;
      // A provider that does not answer keeps nobody from signing out here.
      return provider.protocol.logout({ idToken, returnTo, http: provider.http(), signal }).then(
        (address) => address?.href ?? null,
        () => null,
      );
    },
  },
  async handler({ result, services: { sessions } }) {
    await sessions.end();
    return { location: result };
  },
});

const backChannel = route({
  method: 'POST',
  path: '/:provider/backchannel-logout',
  summary: 'A provider says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0)',
  permission: 'public',
  session: false,
  params,
  consumes: ['application/x-www-form-urlencoded'],
  body: z.object({ logout_token: z.string().min(1).max(FORM_LIMIT) }),
  bodyLimit: FORM_LIMIT,
  formatProblem: ({ status }) =>
    reply(status, { error: status < 500 ? 'invalid_request' : 'server_error' }, { 'cache-control': 'no-store' }),
  responses: {
    200: nothing('The sessions have ended'),
    ...Object.fromEntries(
      [400, 403, 404, 405, 413, 415, 500, 502, 503, 504].map((status) => [status, z.object({ error: z.string() })]),
    ),
  },
  outside: {
    seconds: SECONDS,
    async call({ params: { provider: key }, body, read, signal }): Promise<LogoutNotice | null> {
      const { provider, now } = await read(async ({ signInProviders, clock }) => ({
        provider: signInProviders.get(key),
        now: clock.now(),
      }));
      return provider.protocol
        .notice({ token: body.logout_token, now, http: provider.http(), signal })
        .catch((error: unknown) => {
          const { reason } = refusedBy(error);
          if (reason === 'unavailable') throw error;
          return null;
        });
    },
  },
  async handler({ params: { provider }, result, services: { identities } }) {
    if (result === null || !(await identities.signedOutThere(provider, result))) throw notALogout();
    return reply(200, undefined, { 'cache-control': 'no-store' });
  },
});

const notALogout = (): Problem =>
  new Problem({ type: 'sign-in-oidc/invalid-logout', status: 400, title: 'Not a logout token of this provider' });

export const flowRoutes = [start, link, callback, formPost, signOut, backChannel];
