/** Reasons for refusing a launch. The codes must not change: pages, launch records and the documentation use them. */
export const refusalCodes = [
  'parameter-repeated',
  'parameter-malformed',
  'client-unknown',
  'redirect-uri-mismatch',
  'response-type-unsupported',
  'response-mode-unsupported',
  'scope-without-openid',
  'prompt-unsupported',
  'nonce-missing',
  'hint-missing',
  'hint-invalid',
  'hint-of-other-tool',
  'login-hint-mismatch',
  'person-mismatch',
  'launch-unknown',
  'launch-used',
  'launch-expired',
  'not-licensed',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** The launch that a refusal is about. */
export interface RefusedLaunch {
  id: string;
  registrationId: string;
  school: string;
  /** The portal page from which it started. */
  returnUrl: string;
}

export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly launch: RefusedLaunch | null = null,
  ) {
    super(code);
    this.name = 'Refusal';
  }
}

/** Errors that are sent to the tool (OpenID Connect Core 1.0 §3.1.2.6). All others are shown on a page of the portal. */
export const protocolErrors: Partial<Record<RefusalCode, { error: string; description: string }>> = {
  'parameter-malformed': {
    error: 'invalid_request',
    description: 'state and nonce must not contain control characters, and nonce must have at most 2048 characters',
  },
  'response-type-unsupported': { error: 'unsupported_response_type', description: 'response_type must be id_token' },
  'response-mode-unsupported': { error: 'invalid_request', description: 'response_mode must be form_post' },
  'scope-without-openid': { error: 'invalid_scope', description: 'scope must contain openid' },
  'prompt-unsupported': { error: 'invalid_request', description: 'prompt must be none' },
  'nonce-missing': { error: 'invalid_request', description: 'nonce is required' },
  'hint-missing': {
    error: 'invalid_request',
    description: 'login_hint and lti_message_hint are required, as received at the login initiation',
  },
};
