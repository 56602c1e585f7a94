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

/** Why it cannot be said now whether a token is to be believed: another service is out of order. */
export class IdentityUnknown extends Error {
  constructor(host: string) {
    super(`${host} does not answer now.`);
    this.name = 'IdentityUnknown';
  }
}

/** 503, after which the same message may be sent again. */
export const notChecked = ({ message }: IdentityUnknown): Problem =>
  new Problem({
    type: 'data-space/identity-unchecked',
    status: 503,
    title: 'Identity not checked',
    detail: `${message} Send the message again later.`,
    headers: { 'retry-after': '30' },
  });

/** 401 that names the check which failed. */
export const notBelieved = ({ check, message }: IdentityRefused): Problem =>
  new Problem({
    type: 'data-space/identity',
    status: 401,
    title: 'Identity not believed',
    detail: `${check}: ${message}`,
    headers: { 'www-authenticate': 'Bearer realm="i-Learn data space"' },
  });
