import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RegistrationContribution } from '@ilearn/plugin-lti';
import { type CryptoKey, createRemoteJWKSet, exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose';

const scope = (name: string) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`;
export const scopes = {
  lineItem: scope('lineitem'),
  lineItemReadOnly: scope('lineitem.readonly'),
  result: scope('result.readonly'),
  score: scope('score'),
};
export const mediaTypes = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
};

/** A page that submits its own form: the form's action and fields. */
export interface FormPost {
  status: number;
  action: string | null;
  fields: Record<string, string>;
  html: string;
  headers: Headers;
}

export interface Answer {
  status: number;
  body: any;
  headers: Headers;
}

/** A tool that the test controls. */
export interface TestTool {
  url: string;
  registration: RegistrationContribution;
  /** Requests for the key set so far. */
  keyFetches(): number;
  /** Replaces the signing key; the key set then has only the new one. */
  rotate(): Promise<void>;
  /** Sets the response of the JWKS address; null: the key set again. */
  answerKeysWith(answer: { status: number; body: string; headers?: Record<string, string> } | null): void;
  /** A valid authentication request for the login initiation. `changes` replace its parameters; null removes one. */
  authentication(initiation: URLSearchParams, changes?: Record<string, string | null>): Record<string, string>;
  assertion(changes?: { claims?: Record<string, unknown>; header?: object; key?: CryptoKey | Uint8Array }): Promise<string>;
  requestToken(scope: string, assertion?: string, changes?: Record<string, string>): Promise<Answer>;
  /** Requests an access token. */
  token(...scopes: string[]): Promise<string>;
  verify(idToken: string): Promise<JWTPayload>;
  stop(): Promise<void>;
}

/** Starts a test tool on its own port. */
export async function startTestTool(platformUrl: string, key: string): Promise<TestTool> {
  let keys = await newKeys();
  let fetches = 0;
  let other: { status: number; body: string; headers?: Record<string, string> } | null = null;
  const server = createServer((_request, response) => {
    fetches += 1;
    if (other !== null) response.writeHead(other.status, other.headers).end(other.body);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [keys.jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = `client-of-${key}`;
  const platformKeys = createRemoteJWKSet(new URL(`${platformUrl}/api/lti/jwks`), { cooldownDuration: 0 });

  const assertion: TestTool['assertion'] = ({ claims = {}, header = {}, key = keys.privateKey } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: clientId,
      sub: clientId,
      aud: `${platformUrl}/api/lti/token`,
      iat: now,
      exp: now + 60,
      jti: randomUUID(),
      ...claims,
    };
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: keys.jwk.kid, ...header }).sign(key);
  };
  const requestToken: TestTool['requestToken'] = async (asked, given, changes = {}) => {
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: given ?? (await assertion()),
      scope: asked,
      ...changes,
    };
    return call(`${platformUrl}/api/lti/token`, { method: 'POST', body: new URLSearchParams(form) });
  };

  return {
    url,
    registration: {
      key,
      name: `Tool ${key}`,
      clientId,
      deploymentId: `deployment-of-${key}`,
      loginUrl: `${url}/login`,
      redirectUris: [`${url}/launch`],
      jwksUrl: `${url}/jwks`,
      release: { name: false, email: false },
    },
    keyFetches: () => fetches,
    rotate: async () => {
      keys = await newKeys();
    },
    answerKeysWith: (answer) => {
      other = answer;
    },
    authentication: (initiation, changes = {}) => {
      const request: Record<string, string | null> = {
        scope: 'openid',
        response_type: 'id_token',
        response_mode: 'form_post',
        prompt: 'none',
        client_id: clientId,
        redirect_uri: `${url}/launch`,
        login_hint: initiation.get('login_hint') ?? '',
        lti_message_hint: initiation.get('lti_message_hint') ?? '',
        nonce: randomUUID(),
        state: 'state with "quotes" & <angles> =+é',
        ...changes,
      };
      return Object.fromEntries(Object.entries(request).filter((entry): entry is [string, string] => entry[1] !== null));
    },
    assertion,
    requestToken,
    token: async (...asked) => {
      const { status, body } = await requestToken(asked.join(' '));
      if (status !== 200) throw new Error(`token: ${status} ${JSON.stringify(body)}`);
      return body.access_token;
    },
    verify: async (idToken) => {
      const { payload } = await jwtVerify(idToken, platformKeys, {
        issuer: platformUrl,
        audience: clientId,
        algorithms: ['RS256'],
      });
      return payload;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function newKeys() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' } };
}

/** Sends a request as a tool's server does. */
export async function call(url: string, options: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...options });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers };
}

/** Calls a service of the platform with a bearer token. */
export function callService(
  url: string,
  token: string | null,
  options: { method?: string; type?: string; body?: unknown } = {},
): Promise<Answer> {
  const { method = 'GET', type, body } = options;
  return call(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** Sends a tool's authentication request as a browser does. */
export async function authenticate(
  platformUrl: string,
  request: Record<string, string>,
  { method = 'GET', cookie }: { method?: 'GET' | 'POST'; cookie?: string } = {},
): Promise<FormPost> {
  const address = new URL(`${platformUrl}/api/lti/auth`);
  const form = new URLSearchParams(request);
  if (method === 'GET') address.search = form.toString();
  const response = await fetch(address, {
    method,
    redirect: 'manual',
    headers: { ...(cookie === undefined ? {} : { cookie }), ...(method === 'POST' ? { origin: 'https://tool.example' } : {}) },
    ...(method === 'POST' ? { body: form } : {}),
  });
  return readFormPost(response.status, await response.text(), response.headers);
}

/** Reads the form in a page, as a browser would submit it. */
export function readFormPost(status: number, html: string, headers: Headers): FormPost {
  const decode = (text: string) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  const action = /<form method="post" action="([^"]*)">/.exec(html)?.[1];
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [decode(name), decode(value)]));
  return { status, action: action === undefined ? null : decode(action), fields, html, headers };
}
