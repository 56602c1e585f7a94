/** Default page after signing in. */
export const home = '/';

/**
 * The path in this portal to go to after signing in. Returns {@link home} for a page about signing in, and for anything that could lead a
 * browser to another site (`https://…`, `//host`, `/\host`, also with tabs or newlines).
 */
export function safeReturnPath(asked: string | null | undefined): string {
  if (!asked || asked.length > 2_000 || !/^\/(?![/\\])/.test(asked) || /[\\\p{Cc}]/u.test(asked)) return home;
  const origin = 'http://portal.invalid';
  const url = URL.canParse(asked, origin) ? new URL(asked, origin) : null;
  if (url === null || url.origin !== origin || url.pathname.startsWith('//')) return home;
  if (/^\/(?:aanmelden|api)(?:\/|$)/.test(url.pathname)) return home;
  return url.pathname + url.search + url.hash;
}
