import { Problem } from '@ilearn/core';

/** Why a token or a credential is not believed; the message says what to mend, and nothing that the sender does not know. */
export class IdentityRefused extends Error {
  constructor(
    readonly check: 'token' | 'did' | 'key' | 'service' | 'replay' | 'presentation' | 'credential' | 'status',
    message: string,
  ) {
    super(message);
    this.name = 'IdentityRefused';
  }
}

/** 401 that names the check which failed. */
export const notBelieved = ({ check, message }: IdentityRefused): Problem =>
  new Problem({
    type: 'data-space/identity',
    status: 401,
    title: 'Identity not believed',
    detail: `${check}: ${message}`,
    headers: { 'www-authenticate': 'Bearer realm="i-Learn data space"' },
  });
