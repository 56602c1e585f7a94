import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { login } from '../client.js';

// Loaded when somebody uses passkeys, so that the sign-in page stays small.

type Options = Record<string, unknown>;

/** Signs in with a passkey. `suggested`: the browser offers them in the field for the username, and waits until one is chosen. */
export async function signInWithPasskey({ suggested = false } = {}): Promise<void> {
  const { options } = await login.post('/passkey/options');
  const credential = await startAuthentication({ optionsJSON: options as never, useBrowserAutofill: suggested });
  await login.post('/passkey', { body: { credential: credential as never } });
}

/** Lets the browser make a passkey. */
export const makePasskey = (options: Options) => startRegistration({ optionsJSON: options as never });

/** Whether the person closed the browser's question, or the page did. */
export const isGivenUp = (error: unknown): boolean =>
  error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name);
