import { z } from 'zod';
import { mostRedirectUris, toolAddress } from '../registrations/registration.js';
import { type ServiceScope, serviceScopes } from '../scopes.js';
import { tidy } from '../tidy.js';

const toolConfigurationName = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** Why a registration is refused (RFC 7591 §3.2.2), with what to mend. */
export class MetadataRefused extends Error {
  constructor(
    readonly code: 'invalid_redirect_uri' | 'invalid_client_metadata',
    readonly reason: string,
  ) {
    super(reason);
    this.name = 'MetadataRefused';
  }
}

const message = z.looseObject({
  type: z.string().max(100),
  target_link_uri: z.string().max(2000).optional(),
});

const toolConfiguration = z.looseObject({
  domain: z.string().max(300).optional(),
  description: z.string().max(2000).optional(),
  target_link_uri: z.string().max(2000),
  claims: z.array(z.string().max(200)).max(100).default([]),
  messages: z.array(message).max(50).default([]),
});

/** What a tool says of itself (Dynamic Registration 1.0 §3.5; OpenID Connect Dynamic Client Registration 1.0 §2). */
const metadata = z.looseObject({
  application_type: z.string().optional(),
  response_types: z.array(z.string()).max(20).optional(),
  grant_types: z.array(z.string()).max(20).optional(),
  client_name: z.string().transform(tidy).pipe(z.string().min(1).max(200)),
  initiate_login_uri: z.string().max(2000),
  redirect_uris: z.array(z.string().max(2000)).max(mostRedirectUris),
  jwks_uri: z.string().max(2000).optional(),
  token_endpoint_auth_method: z.string().optional(),
  scope: z.string().max(5000).default(''),
  [toolConfigurationName]: toolConfiguration,
});

export interface ToolMetadata {
  name: string;
  loginUrl: string;
  redirectUris: string[];
  jwksUrl: string;
  /** Services that the tool asks for and the portal has. */
  scopes: ServiceScope[];
  /** Whether the tool asks for names and for e-mail addresses. */
  release: { name: boolean; email: boolean };
  deepLinkingUrl: string | null;
  description: string;
  domain: string;
  targetLinkUri: string;
}

/** @throws MetadataRefused with the first thing to mend */
export function readMetadata(body: unknown): ToolMetadata {
  const parsed = metadata.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`${issue?.path.join('.') || 'the body'}: ${issue?.message}`);
  }
  const { data } = parsed;
  if (data.application_type !== undefined && data.application_type !== 'web') throw refused('application_type must be web');
  if (data.response_types !== undefined && !data.response_types.includes('id_token'))
    throw refused('response_types must have id_token');
  for (const type of ['implicit', 'client_credentials']) {
    if (data.grant_types !== undefined && !data.grant_types.includes(type)) throw refused(`grant_types must have ${type}`);
  }
  if (data.token_endpoint_auth_method !== undefined && data.token_endpoint_auth_method !== 'private_key_jwt') {
    throw refused('token_endpoint_auth_method must be private_key_jwt');
  }
  if (data.jwks_uri === undefined) throw refused('jwks_uri is required: the portal reads the keys of a tool at an address');
  if (data.redirect_uris.length === 0) throw new MetadataRefused('invalid_redirect_uri', 'redirect_uris must not be empty');
  for (const uri of data.redirect_uris) checkAddress('redirect_uris', uri, 'invalid_redirect_uri');
  checkAddress('initiate_login_uri', data.initiate_login_uri);
  checkAddress('jwks_uri', data.jwks_uri);
  const tool = data[toolConfigurationName];
  checkAddress('target_link_uri', tool.target_link_uri);
  const choosing = tool.messages.find(({ type }) => type === 'LtiDeepLinkingRequest');
  const deepLinkingUrl = choosing === undefined ? null : (choosing.target_link_uri ?? tool.target_link_uri);
  if (deepLinkingUrl !== null) checkAddress('messages', deepLinkingUrl);
  const asked = new Set(data.scope.split(' '));
  const claims = new Set(tool.claims);
  return {
    name: data.client_name,
    loginUrl: data.initiate_login_uri,
    redirectUris: data.redirect_uris,
    jwksUrl: data.jwks_uri,
    scopes: serviceScopes.filter((scope) => asked.has(scope)),
    release: { name: ['name', 'given_name', 'family_name'].some((claim) => claims.has(claim)), email: claims.has('email') },
    deepLinkingUrl,
    description: tidy(tool.description ?? ''),
    domain: tool.domain ?? new URL(tool.target_link_uri).host,
    targetLinkUri: tool.target_link_uri,
  };
}

function checkAddress(name: string, address: string, code: MetadataRefused['code'] = 'invalid_client_metadata'): void {
  const checked = toolAddress.safeParse(address);
  if (!checked.success) throw new MetadataRefused(code, `${name}: ${address.slice(0, 200)} ${checked.error.issues[0]?.message}`);
}

const refused = (reason: string) => new MetadataRefused('invalid_client_metadata', reason);

/** The answer to a registration (RFC 7591 §3.2.1). */
export const registeredMetadata = (
  { clientId, deploymentId }: { clientId: string; deploymentId: string },
  tool: ToolMetadata,
): Record<string, unknown> => ({
  client_id: clientId,
  application_type: 'web',
  response_types: ['id_token'],
  grant_types: ['implicit', 'client_credentials'],
  client_name: tool.name,
  initiate_login_uri: tool.loginUrl,
  redirect_uris: tool.redirectUris,
  jwks_uri: tool.jwksUrl,
  token_endpoint_auth_method: 'private_key_jwt',
  scope: tool.scopes.join(' '),
  [toolConfigurationName]: {
    domain: tool.domain,
    target_link_uri: tool.targetLinkUri,
    deployment_id: deploymentId,
    claims: [
      'iss',
      'sub',
      ...(tool.release.name ? ['name', 'given_name', 'family_name'] : []),
      ...(tool.release.email ? ['email'] : []),
    ],
    messages: [
      { type: 'LtiResourceLinkRequest', target_link_uri: tool.targetLinkUri },
      ...(tool.deepLinkingUrl === null ? [] : [{ type: 'LtiDeepLinkingRequest', target_link_uri: tool.deepLinkingUrl }]),
    ],
  },
});
