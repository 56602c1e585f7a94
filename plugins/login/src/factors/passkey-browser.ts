import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { login } from '../client.js';

// Loaded when somebody uses passkeys, so that the sign-in page stays small.

type Options = Record<string, unknown>;

/** The latest request for options. The first answer has the cookie that binds the challenges of all later ones, so they wait for it. */
let asked: Promise<unknown> = Promise.resolve();

function askForOptions(): Promise<{ options: Options }> {
  const next = asked.then(() => login.post('/passkey/options'));
  asked = next.catch(() => {});
  return next;
}

/** Signs in with a passkey. `suggested`: the browser offers them in the field for the username, and waits until one is chosen. */
export async function signInWithPasskey({ suggested = false } = {}): Promise<void> {
  const { options } = await askForOptions();
  const credential = await startAuthentication({
    optionsJSON: options as never,
    useBrowserAutofill: suggested,
    // The library looks for the field in the document; it is in a shadow root.
    verifyBrowserAutofillInput: false,
  });
  await login.post('/passkey', { body: { credential: credential as never } });
}

/** Lets the browser make a passkey. */
export const makePasskey = (options: Options) => startRegistration({ optionsJSON: options as never });

/** Whether the person closed the browser's question, or the page did. */
export const isGivenUp = (error: unknown): boolean =>
  error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name);
