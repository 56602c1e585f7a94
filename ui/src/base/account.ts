import type { Client, KernelRoutes } from '@ilearn/core';
import { onUnauthorised } from './api.js';
import { clientFor } from './client.js';
import { chosenLanguage, setLanguage } from './i18n.js';
import { navigate, place } from './navigate.js';
import { type Session, session } from './session.js';

/** Typed client of the kernel's routes. */
export const kernel: Client<KernelRoutes> = clientFor<KernelRoutes>('kernel');

const SIGN_IN = '/aanmelden';

/** Asks the server who is signed in. Pages call it after signing a person in. */
export async function refreshSession(): Promise<Session | null> {
  const { session: current } = await kernel.get('/session');
  if (current?.language && current.language !== chosenLanguage()) await setLanguage(current.language, { keep: true });
  session.set(current);
  return current;
}

/** Ends the session and loads the sign-in page as a new document, so that no personal data stays in the tab's memory. */
export async function signOut(): Promise<void> {
  await kernel.delete('/session');
  location.assign(SIGN_IN);
}

/** Goes to the sign-in page, which returns here afterwards. */
export function askToSignIn(): void {
  const { pathname, search } = place.value.url;
  if (pathname === SIGN_IN) return;
  const back = pathname === '/' && !search ? '' : `?terug=${encodeURIComponent(pathname + search)}`;
  void navigate(`${SIGN_IN}${back}`, { replace: true });
}

/** Sets the language of the page, the device and the session. */
export async function chooseLanguage(lng: string): Promise<void> {
  await setLanguage(lng, { keep: true });
  if (session.value) await kernel.put('/session/language', { body: { language: lng as 'nl' | 'en' | 'fr' } });
}

/** On a 401, checks whether the session has ended. If it has not, the page handles the error. */
onUnauthorised.handler = () => {
  void refreshSession().then((current) => {
    if (!current) askToSignIn();
  });
};
