import { type Protocol, platform, refusalOf, SignInRefused } from '@ilearn/plugin-sign-in-oidc/provider';
import { z } from 'zod';

export interface SmartschoolOptions {
  clientId: string;
  clientSecret: string;
  /** Without a trailing slash. */
  url: string;
  scope: string;
  userInfo: string;
}

const tokens = z.object({ access_token: z.string().min(1), token_type: z.string() });

/** A flag that Smartschool writes as a boolean, a number or a text. */
const flag = z.union([z.boolean(), z.number(), z.string()]).optional();
const isSet = (value: z.output<typeof flag>): boolean => value === true || value === 1 || value === '1' || value === 'true';

const userInfo = z.object({
  // Case-sensitive, and looks like base64: never changed.
  userID: z.string().min(1),
  // Host name of the school's Smartschool, or the part before `.smartschool.be`.
  platform: z.string().min(1),
  name: z.string().optional(),
  surname: z.string().optional(),
  isCoAccount: flag,
  isMainAccount: flag,
  nrCoAccount: z.union([z.number(), z.string()]).optional(),
});

/**
 * OAuth 2.0 (RFC 6749) as Smartschool offers it: no id_token, no nonce. So `state` alone ties the answer to the flow, and the token comes
 * from the token endpoint itself. PKCE is sent, whether or not it is checked there.
 */
export function smartschoolProtocol({ clientId, clientSecret, url, scope, userInfo: path }: SmartschoolOptions): Protocol {
  return {
    responseMode: 'query',
    async start({ redirectUri, state, verifier }) {
      const address = new URL('/OAuth', url);
      const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
      address.search = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope,
        state,
        code_challenge: Buffer.from(challenge).toString('base64url'),
        code_challenge_method: 'S256',
      }).toString();
      return address;
    },
    async finish({ answer, state, verifier, fresh, now, http, signal }) {
      const parameters = answer.searchParams;
      if (only(parameters, 'state') !== state) throw new SignInRefused('invalid', 'state');
      if (parameters.has('error')) throw new SignInRefused('denied', 'the provider refused');
      const code = only(parameters, 'code');
      if (code === null) throw new SignInRefused('invalid', 'no code');
      const redirect = new URL(answer);
      redirect.search = '';
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirect.href,
        client_id: clientId,
        client_secret: clientSecret,
        code_verifier: verifier,
      });
      try {
        const { access_token } = await http.json(new URL('/OAuth/index/token', url), tokens, { method: 'POST', body, signal });
        const headers = { authorization: `Bearer ${access_token}` };
        // Smartschool cannot be told to ask again, and does not say when it did.
        const authenticatedAt = fresh ? now : null;
        return { ...proofOf(await http.json(new URL(path, url), userInfo, { headers, signal })), authenticatedAt };
      } catch (error) {
        throw refusalOf(error);
      }
    },
    logout: async () => null,
    notice: async () => null,
  };
}

/** @throws SignInRefused */
function proofOf({ userID, platform: host, name, surname, ...of }: z.output<typeof userInfo>) {
  // Parents have an account beside that of the pupil, with the pupil's data. What does not say which it is may be theirs.
  if (of.isCoAccount === undefined && of.isMainAccount === undefined && of.nrCoAccount === undefined) {
    throw new SignInRefused('invalid', 'the scope does not tell co-accounts apart');
  }
  const isParent =
    isSet(of.isCoAccount) || Number(of.nrCoAccount ?? 0) > 0 || (of.isMainAccount !== undefined && !isSet(of.isMainAccount));
  if (isParent) throw new SignInRefused('co-account', 'a co-account');
  const slug = host
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\.smartschool\.be\/?$/, '');
  if (!platform.test(slug)) throw new SignInRefused('invalid', 'not a platform');
  const shown = [name, surname].filter((one): one is string => one !== undefined && one !== '').join(' ');
  return { issuer: slug, subject: userID, realms: [slug], rosterKeys: [userID], name: shown || null, sid: null, idToken: null };
}

const only = (parameters: URLSearchParams, name: string): string | null => {
  const [value = null, ...others] = parameters.getAll(name);
  return others.length === 0 ? value : null;
};
