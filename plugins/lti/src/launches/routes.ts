import { html, type Reply, type RequestInput, redirect, redirectTo, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { Registration } from '../registrations/registration.js';
import { record } from '../trace/record.js';
import { withParameters } from './addresses.js';
import { type AuthenticationRequest, authenticationRequest } from './authentication.js';
import { formPostPage, launchPage, leaveFramePage, refusalPage } from './pages.js';
import { Refusal, type RefusalCode } from './refusal.js';
import { returnParameters } from './return-messages.js';

const route = routeFor<Cradle>();
type Input = Pick<RequestInput<Cradle, unknown, unknown, unknown>, 'services' | 'request' | 'principal'>;

const answers = {
  200: html('A page that posts the id_token (or an error) to the tool'),
  400: html('A page that explains why nothing was sent to the tool'),
};

/** The return URL of launches (LTI 1.3 Core §5.4.4). Public, because the session may have ended in the meantime. */
const returnRoute = route({
  method: 'GET',
  path: '/launches/:id/return',
  summary: 'Take the browser back from the tool, with the messages of the tool',
  permission: 'public',
  changes: 'What the tool sends for the log is stored with the launch.',
  params: z.object({ id: z.string() }),
  query: returnParameters,
  responses: {
    302: redirect('To the page from which the launch started'),
    200: html('Inside a frame: a page that takes the whole window there'),
  },
  handler: async ({ params, query, services, request }) => {
    const { address, outcome, launch } = await services.returnMessages.receive(params.id, query);
    record({ services, request }, { step: 'return', outcome, ...launch });
    if (request.header('sec-fetch-dest') === 'iframe') {
      const page = leaveFramePage(request.language, address);
      return reply(200, page.body, page.headers);
    }
    const answer = redirectTo(address);
    answer.headers['cache-control'] = 'no-store';
    return answer;
  },
});

/** Also of launches that are in a frame, in a tab or in a window of their own. */
const ofPerson = {
  method: 'GET',
  permission: 'signed-in',
  machines: { none: 'A launch belongs to the signed-in person.' },
  params: z.object({ id: z.string() }),
} as const;

const launchPageRoutes = [
  route({
    ...ofPerson,
    path: '/launches/:id/page',
    summary: 'The page around a tool: with the tool in a frame, or with a button that opens it',
    responses: { 200: html('The page'), 302: redirect('To a launch that needs no page'), 400: answers[400] },
    handler: async ({ params, services, request, principal }) => {
      try {
        const { registration, presentation, returnUrl } = await services.launchRecords.shown(params.id);
        const launchUrl = `${services.portal.url}/api/lti/launches/${params.id}`;
        if (presentation === 'same') return redirectTo(launchUrl);
        const page = launchPage({
          language: request.language,
          toolName: registration.name,
          presentation,
          launchUrl,
          againUrl: `${launchUrl}/again`,
          stateUrl: `${launchUrl}/state`,
          returnUrl,
          origins: originsOf(registration),
        });
        return reply(200, page.body, page.headers);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return refusedOpening(error, { services, request, principal });
      }
    },
  }),
  route({
    ...ofPerson,
    path: '/launches/:id/state',
    summary: 'How far a launch is',
    responses: { 200: z.object({ state: z.enum(['prepared', 'started', 'failed', 'consumed', 'unknown']) }) },
    handler: async ({ params, services }) => ({ state: await services.launchRecords.stateOf(params.id).catch(unknownLaunch) }),
  }),
  route({
    ...ofPerson,
    path: '/launches/:id/again',
    summary: 'Open the tool of a launch in the whole window, where the frame or its cookies failed',
    changes: 'A launch is prepared if this one was used.',
    responses: { 302: redirect('To the launch'), 400: answers[400] },
    handler: async ({ params, services, request, principal }) => {
      try {
        const { id, alone } = await services.launchRecords.again(params.id);
        const answer = redirectTo(`${services.portal.url}/api/lti/launches/${id}${alone ? '?alone=true' : ''}`);
        answer.headers['cache-control'] = 'no-store';
        return answer;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return refusedOpening(error, { services, request, principal });
      }
    },
  }),
];

function unknownLaunch(error: unknown): 'unknown' {
  if (error instanceof Refusal) return 'unknown';
  throw error;
}

export const launchRoutes = [
  returnRoute,
  ...launchPageRoutes,
  route({
    method: 'GET',
    path: '/launches/:id',
    summary: 'Send the browser to the tool: third-party initiated login (1EdTech Security Framework 1.0 §5.1.1.1)',
    permission: 'signed-in',
    machines: { none: 'A launch belongs to the signed-in person.' },
    changes: 'The launch is marked as started.',
    params: z.object({ id: z.string() }),
    query: z.object({ alone: z.enum(['true']).optional().describe('Not in the frame that it was prepared for') }),
    responses: {
      302: redirect('To the tool’s login initiation'),
      200: html('A page that posts the login initiation'),
      400: answers[400],
    },
    handler: async ({ params, query, services, request, principal }) => {
      try {
        const alone = query.alone === 'true';
        const { registration, school, parameters } = await services.launchRecords.open(params.id, request.language, { alone });
        record(
          { services, request },
          { step: 'open', outcome: 'ok', launchId: params.id, registrationId: registration.id, school },
        );
        if (registration.loginMethod === 'POST') {
          const page = formPostPage({
            language: request.language,
            toolName: registration.name,
            action: registration.loginUrl,
            fields: parameters,
            redirectOrigins: [new URL(services.portal.url).origin, ...originsOf(registration)],
          });
          return reply(200, page.body, page.headers);
        }
        const answer = redirectTo(withParameters(registration.loginUrl, parameters));
        answer.headers['cache-control'] = 'no-store';
        answer.headers['referrer-policy'] = 'origin';
        return answer;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return refusedOpening(error, { services, request, principal });
      }
    },
  }),
  route({
    method: 'GET',
    path: '/auth',
    summary: 'OpenID Connect authentication request of a tool',
    permission: 'public',
    changes: 'The launch is consumed.',
    query: authenticationRequest,
    responses: answers,
    // If the browser sends a session cookie, it must belong to the person of the launch.
    handler: ({ query, services, request, principal }) =>
      authenticate(query, principal.kind === 'person' ? principal.id : null, { services, request, principal }),
  }),
  route({
    method: 'POST',
    path: '/auth',
    summary: 'OpenID Connect authentication request of a tool, posted from its site',
    permission: 'public',
    session: false,
    consumes: ['application/x-www-form-urlencoded'],
    body: authenticationRequest,
    responses: answers,
    handler: ({ body, services, request, principal }) => authenticate(body, null, { services, request, principal }),
  }),
];

async function authenticate(parameters: AuthenticationRequest, personId: string | null, input: Input): Promise<Reply> {
  const answer = await input.services.authentication.answer(parameters, personId);
  record(input, {
    step: 'auth',
    outcome: answer.code ?? 'ok',
    registrationId: answer.registration?.id ?? null,
    launchId: answer.launch?.launch ?? null,
    school: answer.launch?.school ?? null,
  });
  if (answer.kind === 'refused') return refused(answer.code, answer.returnUrl, input);
  const { registration, redirectUri, fields } = answer;
  const page = formPostPage({
    language: input.request.language,
    toolName: registration.name,
    action: redirectUri,
    fields,
    redirectOrigins: originsOf(registration),
  });
  return reply(200, page.body, page.headers);
}

/** A refusal before the tool was called, with its line in the trace. */
function refusedOpening({ code, launch }: Refusal, input: Input): Reply {
  const about = { launchId: launch?.id ?? null, registrationId: launch?.registrationId ?? null, school: launch?.school ?? null };
  record(input, { ...about, step: 'open', outcome: code });
  return refused(code, launch?.returnUrl ?? null, input);
}

function refused(code: RefusalCode, returnUrl: string | null, { services, request }: Input): Reply {
  const page = refusalPage({
    language: request.language,
    code,
    requestId: request.id,
    returnUrl: returnUrl ?? `${services.portal.url}/`,
    reportUrl: reportUrlOf(services, request.id),
  });
  return reply(400, page.body, page.headers);
}

/** The page on which a failed launch is reported, if a plugin in service has one. */
function reportUrlOf({ contributions, portal }: Cradle, code: string): string | null {
  const [page] = contributions.of('report-pages');
  return page === undefined ? null : withParameters(portal.url + page.value.path, { code });
}

/** The origins of a tool's registered addresses. */
function originsOf({ loginUrl, redirectUris }: Registration): string[] {
  return [...new Set([loginUrl, ...redirectUris].map((address) => new URL(address).origin))];
}
