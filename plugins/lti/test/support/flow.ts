import type { TestClient } from '@ilearn/core/testing';
import type { LaunchRequest } from '@ilearn/plugin-lti';
import type { JWTPayload } from 'jose';
import { authenticate, type FormPost, scopes, type TestTool } from './tool.js';
import type { World } from './world.js';

/** Follows the first half of a launch: from the click to the parameters that the tool's login initiation gets. */
export async function initiate(
  world: World,
  request: LaunchRequest = world.request(),
  client: TestClient = world.pupil.client,
): Promise<URLSearchParams> {
  const answer = await client.get(await world.launch(client, request));
  if (answer.status !== 302) throw new Error(`initiation: ${answer.status} ${answer.body}`);
  return new URL(answer.headers.get('location') as string).searchParams;
}

/** The second half: the tool asks for the launch. Members given replace those of its request, null drops them. */
export function ask(
  world: World,
  initiation: URLSearchParams,
  changes: Record<string, string | null> = {},
  tool: TestTool = world.tool,
): Promise<FormPost> {
  return authenticate(world.platform.url, tool.authentication(initiation, changes));
}

/** A whole launch: the verified claims that reach the tool. */
export async function launched(
  world: World,
  {
    request = world.request(),
    client = world.pupil.client,
    tool = world.tool,
  }: { request?: LaunchRequest; client?: TestClient; tool?: TestTool } = {},
): Promise<JWTPayload> {
  const post = await ask(world, await initiate(world, request, client), {}, tool);
  if (post.fields.id_token === undefined) throw new Error(`no id_token: ${post.status} ${post.html}`);
  return tool.verify(post.fields.id_token);
}

export const claim = (name: string) => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
export const endpointClaim = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';

export interface GradesEndpoint {
  scope: string[];
  lineitems: string;
  lineitem?: string;
}
export const endpointOf = (claims: JWTPayload) => claims[endpointClaim] as GradesEndpoint;

/** A launched pupil's line items, the line item of the step, the pupil's `sub`, and a token for all of grading. */
export async function launchedForGrading(world: World): Promise<{ items: string; item: string; sub: string; token: string }> {
  const claims = await launched(world);
  const { lineitems: items, lineitem: item = '' } = endpointOf(claims);
  const token = await world.tool.token(scopes.lineItem, scopes.result, scopes.score);
  return { items, item, sub: claims.sub as string, token };
}
