import { consumerTenant, defineSignIn, nameOf, oidcProtocol, SignInRefused } from '@ilearn/plugin-sign-in-oidc/provider';
import { z } from 'zod';

const config = z.strictObject({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** `organizations` takes accounts of every school; which tenants are those of schools is decided in the portal. */
  issuer: z.url().default('https://login.microsoftonline.com/organizations/v2.0'),
});

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Signing in with Microsoft 365 accounts of a school (Entra ID). */
export default defineSignIn({
  id: 'sign-in-microsoft',
  version: '0.1.0',
  config,
  http: {
    hosts: ['login.microsoftonline.com'],
    operator: 'another address of the provider, for tests',
    purpose: 'signing in with Microsoft accounts of a school',
    sends: 'the code with which Microsoft answered the sign-in, which works once',
  },
  messages: new URL('../messages/', import.meta.url),
  providers({ clientId, clientSecret: secret, issuer }) {
    if (clientId === undefined || secret === undefined) return [];
    const protocol = oidcProtocol({
      issuer,
      clientId,
      secret,
      scope: 'openid profile',
      parameters: { prompt: 'select_account' },
      // Entra ID names `auth_time` only if it is asked for the claim (OpenID Connect Core 1.0 section 5.5).
      again: { prompt: 'login', max_age: '0', claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }) },
      proofOf(claims) {
        const { tid, oid, acct } = claims;
        // The issuer of `organizations` fits the token of any tenant: the list of the schools decides.
        if (typeof tid !== 'string' || !uuid.test(tid)) throw new SignInRefused('invalid', 'no tid');
        if (typeof oid !== 'string' || !uuid.test(oid)) throw new SignInRefused('invalid', 'no oid');
        if (tid.toLowerCase() === consumerTenant) throw new SignInRefused('private-account', 'tenant of private accounts');
        if (acct === 1 || acct === '1') throw new SignInRefused('guest', 'acct is 1');
        // `sub` differs for each application; `oid` is the account in its tenant. Neither e-mail address nor UPN is a key.
        return { subject: oid.toLowerCase(), realms: [tid.toLowerCase()], rosterKeys: [oid.toLowerCase()], name: nameOf(claims) };
      },
    });
    return [{ key: 'microsoft', label: 'Microsoft', audiences: ['pupil', 'staff'], realm: 'tenant', protocol }];
  },
});
