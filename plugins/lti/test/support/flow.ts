import type { TestClient } from '@ilearn/core/testing';
import type { LaunchRequest } from '@ilearn/plugin-lti';
import type { JWTPayload } from 'jose';
import { authenticate, type FormPost, scopes, type TestTool } from './tool.js';
import type { World } from './world.js';

/** The first half of a launch: from the click to the parameters of the login initiation. */
export async function initiate(
  world: World,
  request: LaunchRequest = world.request(),
  client: TestClient = world.pupil.client,
): Promise<URLSearchParams> {
  const answer = await client.get(await world.launch(client, request));
  if (answer.status !== 302) throw new Error(`initiation: ${answer.status} ${answer.body}`);
  return new URL(answer.headers.get('location') as string).searchParams;
}

/** The second half: sends the tool's authentication request. `changes` replace its parameters; null removes one. */
export function ask(
  world: World,
  initiation: URLSearchParams,
  changes: Record<string, string | null> = {},
  tool: TestTool = world.tool,
): Promise<FormPost> {
  return authenticate(world.platform.url, tool.authentication(initiation, changes));
}

/** A whole launch; returns the verified claims. */
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

/** Launches as a pupil; returns the line items' address, the step's line item, the pupil's `sub`, and a token for all AGS scopes. */
export async function launchedForGrading(world: World): Promise<{ items: string; item: string; sub: string; token: string }> {
  const claims = await launched(world);
  const { lineitems: items, lineitem: item = '' } = endpointOf(claims);
  const token = await world.tool.token(scopes.lineItem, scopes.result, scopes.score);
  return { items, item, sub: claims.sub as string, token };
}
