import { html, type Reply, redirect, redirectTo, reply, routeFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { refusalPage } from '../launches/pages.js';
import { isForBrowsers } from '../registrations/reachable.js';
import { toolAddress } from '../registrations/registration.js';
import { record } from '../trace/record.js';
import type { ChoiceRow } from './choices.js';
import { chosenItem, mostItems } from './content-item.js';
import { mostKept } from './kept-choices.js';
import { ResponseRefused, readResponse, type VerifiedResponse, verifyResponse } from './response.js';

const route = routeFor<Cradle>();
const permission = 'tool:try';
const machines = { none: 'A choice belongs to the signed-in person.' } as const;
const params = z.object({ id: z.uuid() });
const portalPath = z.string().regex(/^\/(?![/\\])[^\s\\]{0,500}$/, 'must be a path of the portal');

const isUsable = (address: string): boolean => toolAddress.safeParse(address).success && isForBrowsers(address);

/** Without the custom parameters, which say nothing to a teacher. */
const shownItem = chosenItem.omit({ custom: true });
export type ShownItem = z.output<typeof shownItem>;

const keptChoice = z.object({
  id: z.uuid(),
  activityId: z.uuid(),
  title: z.string(),
  tool: z.string(),
  own: z.boolean(),
  keptAt: z.iso.datetime(),
});

const field = z.union([z.string(), z.array(z.string())]).optional();

/** What came of a response before anything is stored. */
type Checked =
  | { kind: 'unknown' }
  | { kind: 'refused'; choice: ChoiceRow; code: string }
  | { kind: 'verified'; choice: ChoiceRow; deploymentId: string; response: VerifiedResponse };

export const choiceRoutes = [
  route({
    method: 'GET',
    path: '/choices/tools',
    summary: 'Tools in which content can be chosen, and the schools for which you may choose',
    permission,
    machines,
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        tools: z.array(z.object({ key: z.string(), name: z.string() })).max(1_000),
        schools: z.array(z.object({ id: z.uuid(), name: z.string() })).max(5_000),
      }),
    },
    async handler({ services: { registrations, directory, choices } }) {
      const { registrations: tools } = await registrations.list();
      const own = choices.schools();
      return {
        tools: tools
          .filter(({ active, deepLinkingUrl }) => active && deepLinkingUrl !== null)
          .map(({ key, name }) => ({ key, name })),
        schools: (await directory.schools.list()).filter(({ id }) => own.includes(id)),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/choices',
    summary: 'Choose content in a tool (Deep Linking 2.0)',
    permission,
    machines,
    body: z.strictObject({ tool: z.string().max(100), school: z.uuid().optional(), returnPath: portalPath }),
    responses: { 200: z.object({ url: z.url() }) },
    handler: ({ body: { tool, school, returnPath }, services }) => services.choices.start(tool, school, returnPath),
  }),
  route({
    method: 'GET',
    path: '/choices/kept',
    summary: 'Activities that you chose in tools, or teachers of the school that you coordinate',
    permission,
    machines,
    responses: { 200: z.object({ kept: z.array(keptChoice).max(mostKept), more: z.boolean() }) },
    async handler({ services }) {
      const found = await services.keptChoices.list();
      return { kept: found.slice(0, mostKept), more: found.length > mostKept };
    },
  }),
  route({
    method: 'DELETE',
    path: '/choices/kept/:id',
    summary: 'Withdraw such an activity from the library; paths that contain it keep their results',
    permission,
    machines,
    params,
    responses: { 200: z.object({ withdrawn: z.boolean().describe('False: a colleague keeps it too') }) },
    handler: async ({ params, services }) => ({ withdrawn: await services.keptChoices.withdraw(params.id) }),
  }),
  route({
    method: 'GET',
    path: '/choices/:id',
    summary: 'What was chosen, to look at before it is kept',
    permission,
    machines,
    params,
    responses: {
      200: z.object({
        tool: z.string(),
        state: z.enum(['open', 'received', 'accepted']),
        fault: z.string().nullable().describe('Code of the check that failed'),
        message: z.string().nullable().describe('Message of the tool'),
        items: z.array(shownItem).max(200),
        returnPath: z.string(),
      }),
    },
    async handler({ params, services: { choices } }) {
      const { tool, state, fault, message, items, return_path } = await choices.own(params.id);
      return { tool, state, fault, message, items: items ?? [], returnPath: return_path };
    },
  }),
  route({
    method: 'POST',
    path: '/choices/:id/accept',
    summary: 'Keep chosen items as activities of the school',
    permission,
    machines,
    params,
    body: z.strictObject({ items: z.array(z.int().min(0).max(mostItems)).min(1).max(mostItems) }),
    responses: { 200: z.object({ activityIds: z.array(z.uuid()).max(mostItems), returnPath: z.string() }) },
    handler: ({ params, body, services }) => services.choices.accept(params.id, body.items),
  }),
  route({
    method: 'POST',
    path: '/choices/:id/return',
    summary: 'Deep linking response of a tool (Deep Linking 2.0 §3.3)',
    permission: 'public',
    session: false,
    consumes: ['application/x-www-form-urlencoded'],
    params: z.object({ id: z.string() }),
    body: z.looseObject({ JWT: field }),
    responses: {
      302: redirect('To the page that shows what was chosen, or why it was refused'),
      400: html('A page that explains why the response cannot be taken'),
    },
    outside: {
      call: async ({ params, body, read, http }): Promise<Checked> => {
        const found = await read(async ({ actAs, portal, clock }) => ({
          awaited: await actAs<Awaited<ReturnType<Cradle['choices']['awaited']>>, Cradle>(systemPrincipal(), ({ choices }) =>
            choices.awaited(params.id),
          ),
          portalUrl: portal.url,
          now: clock.now(),
        }));
        if (found.awaited === null) return { kind: 'unknown' };
        const { choice, registration } = found.awaited;
        // A response that comes too late is not worth fetching keys.
        if (choice.state !== 'open' || choice.expires_at <= found.now) return { kind: 'refused', choice, code: 'choice-over' };
        if (registration === null) return { kind: 'refused', choice, code: 'client-unknown' };
        try {
          const response = await verifyResponse(body.JWT, { registration, portalUrl: found.portalUrl, now: found.now, http });
          return { kind: 'verified', choice, deploymentId: registration.deploymentId, response };
        } catch (error) {
          if (error instanceof ResponseRefused) return { kind: 'refused', choice, code: error.code };
          throw error;
        }
      },
    },
    async handler({ result, services, request }): Promise<Reply> {
      if (result.kind === 'unknown') {
        record({ services, request }, { step: 'deep-linking', outcome: 'choice-unknown' });
        return explain('choice-unknown', null);
      }
      const { choice } = result;
      const tool = { kind: 'tool', id: choice.registration_id, roles: [], tenants: [choice.school_id] } as const;
      const outcome = await services.actAs<string, Cradle>(tool, ({ choices, clock }) => store(result, choices, clock.now()));
      record(
        { services, request },
        { step: 'deep-linking', outcome, registrationId: choice.registration_id, school: choice.school_id },
      );
      if (outcome === 'choice-over') return explain(outcome, choice.return_path);
      const answer = redirectTo(`${services.portal.url}/oefenprogrammas/keuze/${choice.id}`);
      answer.headers['cache-control'] = 'no-store';
      return answer;

      function explain(code: string, returnPath: string | null): Reply {
        const page = refusalPage({
          language: request.language,
          code,
          requestId: request.id,
          returnUrl: services.portal.url + (returnPath ?? '/'),
        });
        return reply(400, page.body, page.headers);
      }
    },
  }),
];

/** Stores what was chosen, or why the response is refused; returns the outcome for the trace. */
async function store(result: Exclude<Checked, { kind: 'unknown' }>, choices: Cradle['choices'], now: Date): Promise<string> {
  const { choice } = result;
  try {
    if (result.kind === 'refused') throw new ResponseRefused(result.code as ResponseRefused['code']);
    const { deploymentId, response } = result;
    const chosen = readResponse(response, { deploymentId, data: choice.data, now, isUsable });
    return (await choices.receive(choice, chosen)) ? 'ok' : 'choice-over';
  } catch (error) {
    if (!(error instanceof ResponseRefused)) throw error;
    return (await choices.refuse(choice, error.code)) ? error.code : 'choice-over';
  }
}
