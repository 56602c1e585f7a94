import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';

const claim = (name: string) => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const dl = (name: string) => `https://purl.imsglobal.org/spec/lti-dl/claim/${name}`;

/** A tool that registers itself, lets a teacher choose content, and shows the role of who launches it. */
export interface ChoosingTool {
  url: string;
  /** What it answers to a deep linking request. */
  items: unknown[];
  stop(): Promise<void>;
}

export async function startChoosingTool(): Promise<ChoosingTool> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'choosing', alg: 'RS256', use: 'sig' };
  let platform = '';

  const register = async (configuration: string, token: string) => {
    const known = await (await fetch(configuration)).json();
    const answer = await fetch(known.registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        application_type: 'web',
        response_types: ['id_token'],
        grant_types: ['implicit', 'client_credentials'],
        client_name: 'Kiesprogramma',
        initiate_login_uri: `${tool.url}/login`,
        redirect_uris: [`${tool.url}/launch`],
        jwks_uri: `${tool.url}/jwks`,
        token_endpoint_auth_method: 'private_key_jwt',
        scope: known.scopes_supported.join(' '),
        'https://purl.imsglobal.org/spec/lti-tool-configuration': {
          domain: new URL(tool.url).host,
          target_link_uri: `${tool.url}/launch`,
          claims: ['iss', 'sub', 'name'],
          messages: [{ type: 'LtiDeepLinkingRequest' }],
        },
      }),
    });
    return `${answer.status}`;
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', tool.url);
    const html = (content: string) =>
      response
        .setHeader('content-type', 'text/html; charset=utf-8')
        .end(`<!doctype html><html lang="nl"><title>Kiesprogramma</title><main><h1>Kiesprogramma</h1>${content}</main></html>`);
    if (url.pathname === '/jwks') {
      return response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
    }
    if (url.pathname === '/register') {
      const { openid_configuration: configuration = '', registration_token: token = '' } = Object.fromEntries(url.searchParams);
      const status = await register(configuration, token);
      return html(
        `<p>${status}</p><button onclick="opener.postMessage({ subject: 'org.imsglobal.lti.close' }, '*')">Klaar</button>`,
      );
    }
    if (url.pathname === '/login') {
      platform = url.searchParams.get('iss') ?? '';
      const asked = new URLSearchParams({
        scope: 'openid',
        response_type: 'id_token',
        response_mode: 'form_post',
        prompt: 'none',
        client_id: url.searchParams.get('client_id') ?? '',
        redirect_uri: `${tool.url}/launch`,
        login_hint: url.searchParams.get('login_hint') ?? '',
        lti_message_hint: url.searchParams.get('lti_message_hint') ?? '',
        nonce: randomUUID(),
      });
      return response.writeHead(302, { location: `${platform}/api/lti/auth?${asked}` }).end();
    }
    const claims = decodeJwt(new URLSearchParams(await textOf(request)).get('id_token') ?? '');
    if (claims[claim('message_type')] !== 'LtiDeepLinkingRequest') {
      return html(`<p>${(claims[claim('roles')] as string[])[0]?.split('#')[1]}</p>`);
    }
    const settings = claims[dl('deep_linking_settings')] as { deep_link_return_url: string; data: string };
    const jwt = await new SignJWT({
      nonce: randomUUID(),
      [claim('message_type')]: 'LtiDeepLinkingResponse',
      [claim('version')]: '1.3.0',
      [claim('deployment_id')]: claims[claim('deployment_id')],
      [dl('data')]: settings.data,
      [dl('content_items')]: tool.items,
    })
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid })
      .setIssuer(claims.aud as string)
      .setAudience(claims.iss as string)
      .setIssuedAt()
      .setExpirationTime('2 minutes')
      .sign(privateKey);
    return html(
      `<form method="post" action="${settings.deep_link_return_url}"><input type="hidden" name="JWT" value="${jwt}"><button>Kies</button></form>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tool: ChoosingTool = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items: [],
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return tool;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
