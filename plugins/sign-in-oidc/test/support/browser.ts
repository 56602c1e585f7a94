import type { Answer, TestClient } from '@ilearn/core/testing';

/** The provider's answer: an address to go to, or a form to send. */
export type ProviderAnswer = { location: URL } | { form: { action: URL; fields: Record<string, string> } };

/** Origins that stand for servers of the test: real origin → address of the server. */
export const aliases = new Map<string, string>();

/** The same address at the server that stands for its origin. */
export function aliased(address: string | URL): URL {
  const url = new URL(address);
  const origin = aliases.get(url.origin);
  return origin === undefined ? url : new URL(url.pathname.replace('/organizations/v2.0', '') + url.search, origin);
}

/** Goes to an address of a provider as a browser does, with a jar of its own, until the provider sends it back to the portal. */
export async function visitProvider(address: string, portal: string): Promise<ProviderAnswer> {
  const jar = new Map<string, string>();
  let url = aliased(address);
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = response.headers.get('location');
    const text = await response.text();
    if (location !== null) {
      url = new URL(location, url);
      if (url.href.startsWith(portal)) return { location: url };
      continue;
    }
    const action = /action="([^"]+)"/.exec(text)?.[1];
    if (action?.startsWith(portal)) {
      const fields = [...text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        unescaped(value),
      ]);
      return { form: { action: new URL(unescaped(action)), fields: Object.fromEntries(fields) } };
    }
    throw new Error(`the provider answered ${response.status}: ${text.slice(0, 300)}`);
  }
  throw new Error('the provider redirects without end');
}

const unescaped = (text: string): string =>
  text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x2F;', '/').replaceAll('&#x3D;', '=');

export const pathOf = (url: URL): string => url.pathname + url.search;

export interface Journey {
  /** Where the browser ends up in the portal. */
  to: URL;
  /** The callback, for replaying it. */
  callback: string;
}

/** A whole sign-in: start, provider, callback. */
export async function travel(client: TestClient, key: string, query = ''): Promise<Journey> {
  const start = await client.get(`/api/sign-in-oidc/${key}/start${query}`);
  return follow(client, key, start);
}

export async function follow(client: TestClient, key: string, start: Answer): Promise<Journey> {
  const to = start.headers.get('location') ?? '';
  if (to.startsWith('/')) return { to: new URL(to, 'http://portal.invalid'), callback: '' };
  const answer = await visitProvider(to, callbackOf(to, key));
  const callback = 'location' in answer ? pathOf(answer.location) : await postForm(client, answer.form);
  const end = await client.get(callback);
  return { to: new URL(end.headers.get('location') ?? '', 'http://portal.invalid'), callback };
}

/** The form goes out from a page of the provider: without cookies, and with the provider's origin. */
async function postForm(
  client: TestClient,
  { action, fields }: { action: URL; fields: Record<string, string> },
): Promise<string> {
  const response = await fetch(action, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'https://provider.example', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams(fields),
  });
  const location = response.headers.get('location');
  if (location === null)
    throw new Error(`the portal answered ${response.status} to the form of ${client.headers['x-name'] ?? 'a browser'}`);
  return location;
}

const callbackOf = (address: string, key: string): string => {
  const redirect = new URL(address).searchParams.get('redirect_uri') ?? '';
  if (!redirect.endsWith(`/${key}/callback`)) throw new Error(`the redirect address is ${redirect}`);
  return redirect;
};
