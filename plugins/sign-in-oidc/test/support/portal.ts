import { generateKeyPairSync } from 'node:crypto';
import type { Http, PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import login, { preparePassword } from '@ilearn/plugin-login';
import notifications from '@ilearn/plugin-notifications';
import google from '@ilearn/plugin-sign-in-google';
import leerid from '@ilearn/plugin-sign-in-leerid';
import microsoft from '@ilearn/plugin-sign-in-microsoft';
import oidc from '@ilearn/plugin-sign-in-oidc';
import smartschool from '@ilearn/plugin-sign-in-smartschool';
import { aliased, aliases } from './browser.js';
import { IdentityProvider } from './identity-provider.js';
import { Smartschool } from './smartschool.js';

export type Key = 'koepel' | 'google' | 'microsoft' | 'leerid';

export interface SignInPortal extends TestPlatform {
  providers: Record<Key, IdentityProvider>;
  smartschool: Smartschool;
  /** A person with an own account, whose password is {@link password}. */
  account(personId: string, username: string): Promise<void>;
}

export const password = 'krijt-en-bord-3a';

export const microsoftOrigin = 'https://login.microsoftonline.com';

/** The plugin with calls that reach the server of the test. */
const reachedAt = (plugin: PluginDefinition): PluginDefinition => ({
  ...plugin,
  start: async (input) => {
    const { http } = input as { http: Http };
    return plugin.start?.({ ...input, http: { ...http, fetch: (url, options) => http.fetch(aliased(url), options) } as never });
  },
});

/** A portal with every sign-in provider, each of them a server of its own. */
export async function startSignIn(more: { uiFolder?: string } = {}): Promise<SignInPortal> {
  const [koepel, google_, microsoft_, leerid_] = await Promise.all(
    // Another site than that of the portal, so that its form is sent without cookies.
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', 'localhost'].map((host) => IdentityProvider.listen(host)),
  );
  const providers = { koepel, google: google_, microsoft: microsoft_, leerid: leerid_ } as Record<Key, IdentityProvider>;
  const school = await Smartschool.listen();
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const secret = 'a secret of a test that is long enough';
  const id = 'i-learn';
  // The library knows Microsoft by its real origin.
  aliases.set(microsoftOrigin, providers.microsoft.issuer);
  providers.microsoft.namesItself = false;
  providers.microsoft.metadata = (metadata) => {
    for (const [name, value] of Object.entries(metadata)) {
      if (typeof value === 'string') metadata[name] = value.replace(providers.microsoft.issuer, microsoftOrigin);
    }
    metadata.issuer = `${microsoftOrigin}/{tenantid}/v2.0`;
    metadata.authorization_response_iss_parameter_supported = false;
  };
  const hostOf = (url: string) => ({ hosts: [url] });
  const platform = await createTestPlatform({
    ...more,
    plugins: [directory, notifications, login, oidc, google, reachedAt(microsoft), leerid, smartschool],
    config: {
      'sign-in-oidc': {
        providers: [
          {
            key: 'koepel',
            label: 'Koepel',
            issuer: providers.koepel.issuer,
            clientId: id,
            clientSecret: secret,
            audiences: ['pupil', 'staff', 'provider'],
          },
        ],
      },
      'sign-in-google': { clientId: id, clientSecret: secret, issuer: providers.google.issuer },
      'sign-in-microsoft': { clientId: id, clientSecret: secret },
      'sign-in-leerid': { clientId: id, privateKey: privatePem, keyId: 'portal', issuer: providers.leerid.issuer },
      'sign-in-smartschool': { clientId: id, clientSecret: secret, url: school.url },
    },
    http: {
      'sign-in-oidc': hostOf(providers.koepel.issuer),
      'sign-in-google': hostOf(providers.google.issuer),
      'sign-in-microsoft': hostOf(providers.microsoft.issuer),
      'sign-in-leerid': hostOf(providers.leerid.issuer),
      'sign-in-smartschool': hostOf(school.url),
    },
  });
  const { url } = platform.platform.portal;
  for (const [key, provider] of Object.entries(providers)) {
    const redirectUri = `${url}/api/sign-in-oidc/${key}/callback`;
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'portal', alg: 'RS256', use: 'sig' };
    provider.serve(key === 'leerid' ? { id, jwk, redirectUri } : { id, secret, redirectUri }, `${url}/aanmelden`);
  }
  school.client = { id, secret, redirectUri: `${url}/api/sign-in-oidc/smartschool/callback` };
  return Object.assign(platform, {
    providers,
    smartschool: school,
    account: async (personId: string, username: string) => {
      const prepared = await preparePassword(password);
      await platform.work('login', ({ accounts }) => accounts.set({ personId, username, password: prepared }));
    },
    stop: ((stop) => async () => {
      await stop();
      await Promise.all([...Object.values(providers).map((each) => each.stop()), school.stop()]);
    })(platform.stop.bind(platform)),
  });
}
