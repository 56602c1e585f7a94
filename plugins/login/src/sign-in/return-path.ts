/** Default page after signing in. */
export const home = '/';

/**
 * The path in this portal to go to after signing in, from `terug` in the address. Returns {@link home} for the sign-in page and for
 * anything that could lead a browser to another site (`https://…`, `//host`, `/\host`, also with tabs or newlines).
 */
export function safeReturnPath(asked: string | null | undefined): string {
  if (!asked || !/^\/(?![/\\])/.test(asked) || /[\\\p{Cc}]/u.test(asked)) return home;
  const origin = 'http://portal.invalid';
  const url = URL.canParse(asked, origin) ? new URL(asked, origin) : null;
  if (url === null || url.origin !== origin || url.pathname.startsWith('//')) return home;
  if (url.pathname === '/aanmelden' || url.pathname.startsWith('/aanmelden/')) return home;
  return url.pathname + url.search + url.hash;
}
