import type { Client, KernelRoutes } from '@ilearn/core';
import { onUnauthorised } from './api.js';
import { clientFor } from './client.js';
import { language, setLanguage } from './i18n.js';
import { navigate, place } from './navigate.js';
import { type Session, session } from './session.js';

/** The kernel's own routes. */
export const kernel: Client<KernelRoutes> = clientFor<KernelRoutes>('kernel');

const SIGN_IN = '/aanmelden';

/** Asks the server who is signed in. Pages that sign someone in call it before they go on. */
export async function refreshSession(): Promise<Session | null> {
  const { session: current } = await kernel.get('/session');
  if (current?.language && current.language !== language.value) await setLanguage(current.language, { keep: true });
  session.set(current);
  return current;
}

/** Ends the session and shows the sign-in page; nothing of the person stays in this tab. */
export async function signOut(): Promise<void> {
  await kernel.delete('/session');
  location.assign(SIGN_IN);
}

/** Goes to sign in, and comes back here afterwards. */
export function askToSignIn(): void {
  const { pathname, search } = place.value.url;
  if (pathname === SIGN_IN) return;
  const back = pathname === '/' && !search ? '' : `?terug=${encodeURIComponent(pathname + search)}`;
  void navigate(`${SIGN_IN}${back}`, { replace: true });
}

/** The person chooses a language: now, on this device, and in their session. */
export async function chooseLanguage(lng: string): Promise<void> {
  await setLanguage(lng, { keep: true });
  if (session.value) await kernel.put('/session/language', { body: { language: lng as 'nl' | 'en' | 'fr' } });
}

/** A request was refused for want of a session: has it ended, or is this page's own matter? */
onUnauthorised.handler = () => {
  void refreshSession().then((current) => {
    if (!current) askToSignIn();
  });
};
