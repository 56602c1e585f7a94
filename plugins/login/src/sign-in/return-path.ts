/** Where somebody lands who gave no page to go back to. */
export const home = '/';

/**
 * The path in this portal to go to after signing in, from the `terug` in the address. Anything that a browser could take to
 * another site (`https://…`, `//host`, `/\host`, tabs and newlines between) and the sign-in page itself give {@link home}.
 */
export function safeReturnPath(asked: string | null | undefined): string {
  if (!asked || !/^\/(?![/\\])/.test(asked) || /[\\\p{Cc}]/u.test(asked)) return home;
  const origin = 'http://portal.invalid';
  const url = URL.canParse(asked, origin) ? new URL(asked, origin) : null;
  if (url === null || url.origin !== origin || url.pathname.startsWith('//')) return home;
  if (url.pathname === '/aanmelden' || url.pathname.startsWith('/aanmelden/')) return home;
  return url.pathname + url.search + url.hash;
}
