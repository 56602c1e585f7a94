import type { Http } from '@ilearn/core';

/** What a provider says about whoever signed in there, after every check of the protocol. */
export interface Proof {
  /** Names the provider, or the part of it that issues subjects: the issuer of OpenID Connect, the platform of Smartschool. */
  issuer: string;
  /** Key of the account at the issuer, which never changes and never passes to somebody else. Compared exactly; never an e-mail address. */
  subject: string;
  /**
   * What the provider proves about the school, in the form in which a school enters it: a domain, a tenant, a platform, an
   * instellingsnummer. Empty: it proves no school.
   */
  realms: readonly string[];
  /** Keys by which rosters know the account; compared exactly. */
  rosterKeys: readonly string[];
  /** Name for a person of the school who must recognise whose account it is. Used for nothing else. */
  name: string | null;
  /** Session at the provider (`sid`), for back-channel logout. */
  sid: string | null;
  /**
   * When the provider last asked the person to prove who they are (`auth_time`); null: it does not say. A session is recent enough for a sensitive act
   * only if that was a moment ago.
   */
  authenticatedAt: Date | null;
  /** Sent back to the provider when the person signs out there too. */
  idToken: string | null;
}

/** The secrets of one flow, made by the portal and kept on the server. */
export interface FlowSecrets {
  /** Bound to the browser and to this provider. */
  state: string;
  nonce: string;
  /** PKCE code verifier (RFC 7636). */
  verifier: string;
}

export interface StartInput extends FlowSecrets {
  /** The provider is to ask the person again who they are, also if they are signed in there. */
  fresh: boolean;
  redirectUri: string;
  http: Http;
  signal: AbortSignal;
}

export interface FinishInput extends FlowSecrets {
  /** The redirect address with the parameters of the provider's answer, whether they came in the query or in a form. */
  answer: URL;
  startedAt: Date;
  /** See {@link StartInput}. */
  fresh: boolean;
  now: Date;
  http: Http;
  signal: AbortSignal;
}

/** Who signed out at the provider (OpenID Connect Back-Channel Logout 1.0). */
export interface LogoutNotice {
  issuer: string;
  /** Identifies the notice, which is accepted once. */
  id: string;
  sid: string | null;
  subject: string | null;
}

/**
 * How to sign in with one provider. The portal owns state, nonce, PKCE verifier, cookies and addresses; a protocol makes the address to go
 * to, and turns the provider's answer into a proof.
 */
export interface Protocol {
  /** `form_post`: the provider answers with a form, and its redirect address accepts nothing else. */
  responseMode: 'query' | 'form_post';
  /** Address of the provider to which the browser goes. */
  start(input: StartInput): Promise<URL>;
  /** @throws SignInRefused with the reason; any other error is a fault of the provider or of the configuration */
  finish(input: FinishInput): Promise<Proof>;
  /** Address at which the person signs out at the provider too; null: it offers none. */
  logout(input: { idToken: string; returnTo: string; http: Http; signal: AbortSignal }): Promise<URL | null>;
  /** @throws SignInRefused if the notice is not the provider's. Null: the provider sends none. */
  notice(input: { token: string; now: Date; http: Http; signal: AbortSignal }): Promise<LogoutNotice | null>;
}

/** Why an answer of a provider is refused. Shown to the person in words; the log has the code. */
export const refusalReasons = [
  // The flow is unknown, used, expired, or of another browser.
  'flow',
  // The person cancelled, or the provider refused.
  'denied',
  // A check of the protocol failed: signature, nonce, issuer, audience, times.
  'invalid',
  // It proves no school, or one that does not use this provider.
  'school',
  // An account that belongs to no school: a private account.
  'private-account',
  // A guest in a tenant of a school.
  'guest',
  // A parent's account beside that of a pupil.
  'co-account',
  // The provider does not answer.
  'unavailable',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Thrown by a protocol to refuse an answer of the provider. */
export class SignInRefused extends Error {
  override name = 'SignInRefused';

  /** @param check what failed, without data of the person: for the log */
  constructor(
    readonly reason: RefusalReason,
    check: string,
    options?: ErrorOptions,
  ) {
    super(check, options);
  }
}
