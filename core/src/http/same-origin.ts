import { Problem } from '../contract/problem.js';

const safe = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Protection against cross-site request forgery: a write authenticated by the session cookie must come from one of the portal's own pages,
 * according to the browser's Sec-Fetch-Site (Fetch Metadata) or Origin (RFC 6454) header.
 */
export function requireSameOrigin(
  method: string,
  header: (name: string) => string | undefined,
  origins: readonly string[],
): void {
  if (safe.includes(method)) return;
  const origin = header('origin');
  const site = header('sec-fetch-site');
  const fine =
    origin === undefined ? site === 'same-origin' : origins.includes(origin) && (site === undefined || site === 'same-origin');
  if (fine) return;
  throw new Problem({
    type: 'cross-site-request',
    status: 403,
    title: 'Cross-site request refused',
    detail: 'A change with a session must come from a page of the portal itself (according to Origin or Sec-Fetch-Site).',
  });
}
