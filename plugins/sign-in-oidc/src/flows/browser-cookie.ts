import { createHash, randomBytes } from 'node:crypto';

/** Longer than a flow, so that a flow that has just expired can be told from one of another browser. */
const SECONDS = 3_600;
const value = /^[A-Za-z0-9_-]{43}$/;

/** `__Host-` keeps other hosts of the same domain from setting it; browsers refuse that prefix on plain http. */
const nameOf = (portalUrl: string): string => (portalUrl.startsWith('https:') ? '__Host-ilearn-flow' : 'ilearn-flow');

const hashOf = (id: string): Buffer => createHash('sha256').update(id).digest();

/** The browser of a flow, by a random value in a cookie of its own; null if the request has none. */
export function browserOf(portalUrl: string, cookies = ''): { id: string; hash: Buffer } | null {
  const name = nameOf(portalUrl);
  const given = cookies.split(/;\s*/).find((one) => one.startsWith(`${name}=`));
  const id = given?.slice(name.length + 1) ?? '';
  return value.test(id) ? { id, hash: hashOf(id) } : null;
}

/** The same browser, or a new one, with the `Set-Cookie` header that keeps it. */
export function rememberBrowser(portalUrl: string, cookies: string | undefined): { hash: Buffer; setCookie: string } {
  const id = browserOf(portalUrl, cookies)?.id ?? randomBytes(32).toString('base64url');
  // Lax: sent when the provider redirects to the portal by GET. The answer by a form of another site does without it.
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${SECONDS}`];
  if (portalUrl.startsWith('https:')) attributes.push('Secure');
  return { hash: hashOf(id), setCookie: `${nameOf(portalUrl)}=${id}; ${attributes.join('; ')}` };
}
