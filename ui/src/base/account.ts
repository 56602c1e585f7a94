import type { Client, KernelRoutes } from '@ilearn/core';
import { isWriting, onSignInAgain, onUnauthorised } from './api.js';
import { clientFor } from './client.js';
import { chosenLanguage, setLanguage } from './i18n.js';
import { hasWork, leaveWithoutAsking, navigate, place } from './navigate.js';
import { forgetOwnFiles } from './own-files.js';
import { forgetOwn } from './own-storage.js';
import { type Session, session } from './session.js';
import { Store } from './store.js';

/** Typed client of the kernel's routes. */
export const kernel: Client<KernelRoutes> = clientFor<KernelRoutes>('kernel');

const SIGN_IN = '/aanmelden';

/** Asks the server who is signed in. Pages call it after signing a person in. */
export async function refreshSession(): Promise<Session | null> {
  const { session: current } = await kernel.get('/session');
  if (current?.language && current.language !== chosenLanguage()) await setLanguage(current.language, { keep: true });
  if (current) {
    forgetOwn(current.personId);
    void forgetOwnFiles(current.personId);
  }
  session.set(current);
  return current;
}

/** Ends the session and loads the sign-in page as a new document, so that no personal data stays in the tab's memory. */
export async function signOut(): Promise<void> {
  await kernel.delete('/session');
  forgetOwn();
  await forgetOwnFiles();
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

/** True while the session of the person on the page has ended and their work is kept: the page is covered until they sign in again. */
export const sessionEnded = new Store(false);

/** True while a sensitive act waits for the person to sign in once more. The page stays readable. */
export const signInAsked = new Store(false);

/** Continues what waits for the same person to sign in again. */
let resume: ((again: boolean) => void) | undefined;
let asking: Promise<boolean> | undefined;
let ending: Promise<boolean> | undefined;
/** How long a new session may take to reach the browser after it has replaced the former one. */
const REPLACED_MS = 500;

/**
 * Looks who is signed in while the page is covered. The same person goes on where they were. Somebody else gets a new document, in which
 * nothing of the first person is left.
 */
export async function signedInAgain(): Promise<void> {
  const waiting = () => sessionEnded.value || signInAsked.value;
  if (!waiting()) return;
  const { session: current } = await kernel.get('/session');
  if (!current || !waiting() || (signInAsked.value && !current.recent)) return;
  if (current.personId !== session.value?.personId) {
    leaveWithoutAsking('/');
    return;
  }
  session.set(current);
  sessionEnded.set(false);
  signInAsked.set(false);
  resume?.(true);
}

/** The person does not sign in again: the sensitive act is not done. */
export function giveUpSignIn(): void {
  signInAsked.set(false);
  resume?.(false);
}

/**
 * Asks the person to sign in if they did so more than five minutes ago. Pages call it before a sensitive act that is no request of {@link api},
 * such as a download. False if they gave up.
 */
export async function ensureRecentSignIn(): Promise<boolean> {
  const { session: current } = await kernel.get('/session');
  return current?.recent === true || askToSignInAgain();
}

function askToSignInAgain(): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    resume = resolve;
    signInAsked.set(true);
  }).finally(() => {
    asking = undefined;
  });
  return asking;
}

/** Leaves the page for the sign-in page, which says why and returns here afterwards. A new document: no personal data stays in memory. */
export function leaveEnded(): void {
  const { pathname, search } = place.value.url;
  const query = new URLSearchParams({ reden: 'afgelopen', ...(pathname === '/' ? {} : { terug: pathname + search }) });
  leaveWithoutAsking(`${SIGN_IN}?${query}`);
}

/**
 * After a 401: does nothing if the session still exists, for the page then handles the error. With nothing to lose on the page, goes to the
 * sign-in page, so that a shared computer shows and keeps no one's data. Else covers the page and waits.
 */
async function ended(): Promise<boolean> {
  let { session: current } = await kernel.get('/session');
  if (!current) {
    // Somebody who is signing in replaces the session a moment before the browser has the new one.
    await new Promise((resolve) => setTimeout(resolve, REPLACED_MS));
    ({ session: current } = await kernel.get('/session'));
  }
  if (current) {
    if (current.personId === session.value?.personId) return false;
    leaveWithoutAsking('/');
  } else if (hasWork() || isWriting()) {
    sessionEnded.set(true);
    return new Promise((resolve) => {
      resume = resolve;
    });
  } else leaveEnded();
  // The document is about to be replaced; meanwhile no error is shown.
  return new Promise(() => {});
}

onUnauthorised.handler = () => {
  ending ??= ended().finally(() => {
    ending = undefined;
  });
  return ending;
};

onSignInAgain.handler = askToSignInAgain;
