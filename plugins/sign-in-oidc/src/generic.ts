import type { OidcConfig } from './config.js';
import type { ProviderContribution } from './protocols/contribution.js';
import { type ConfiguredProvider, contributionOf, httpServices } from './protocols/define-sign-in.js';
import { type Claims, oidcProtocol } from './protocols/oidc.js';
import { SignInRefused } from './protocols/protocol.js';

export const genericHttp = httpServices('sign-in-oidc');

const known = new WeakMap<OidcConfig, ProviderContribution[]>();

/** Like contributions of other plugins: made once for a configuration, so that metadata and keys are fetched once. */
export function genericContributions(config: OidcConfig): ProviderContribution[] {
  const made = known.get(config) ?? genericProviders(config).map((each) => contributionOf(each, genericHttp.latest));
  known.set(config, made);
  return made;
}

/** The OpenID providers of the configuration. */
export const genericProviders = ({ providers }: OidcConfig): ConfiguredProvider[] =>
  providers.map(({ key, label, audiences, school, rosterKeyClaim, issuer, clientId, clientSecret, scope }) => ({
    key,
    label,
    audiences,
    realm: school?.kind ?? 'none',
    protocol: oidcProtocol({
      issuer,
      clientId,
      secret: clientSecret,
      scope,
      proofOf: (claims) => ({
        subject: claims.sub,
        realms: school === undefined ? [''] : textsOf(claims, school.claim),
        rosterKeys: textsOf(claims, rosterKeyClaim, { cased: true }),
        name: nameOf(claims),
      }),
    }),
  }));

/** @throws SignInRefused if the claim is absent */
function textsOf(claims: Claims, name: string, { cased = false } = {}): string[] {
  const texts = [claims[name]].flat().filter((one): one is string => typeof one === 'string' && one !== '');
  if (texts.length === 0) throw new SignInRefused('school', `no claim ${name}`);
  return texts.slice(0, 20).map((text) => (cased ? text : text.toLowerCase()));
}

/** The name for whoever must recognise the account. */
export const nameOf = ({ name, given_name: given, family_name: family }: Claims): string | null => {
  if (typeof name === 'string' && name !== '') return name;
  const parts = [given, family].filter((one): one is string => typeof one === 'string' && one !== '');
  return parts.length === 0 ? null : parts.join(' ');
};
