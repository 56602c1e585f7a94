import { notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { genericContributions } from '../generic.js';
import type { ProviderContribution } from '../protocols/contribution.js';

/** The providers in service: those that are configured, of the plugins that run. */
export class SignInProviders {
  readonly #contributions: Dependencies['contributions'];
  readonly #config: Dependencies['config'];
  readonly #portal: Dependencies['portal'];

  constructor({ contributions, config, portal }: Dependencies) {
    this.#contributions = contributions;
    this.#config = config;
    this.#portal = portal;
  }

  all(): ProviderContribution[] {
    return [...genericContributions(this.#config), ...this.#contributions.of('providers').map(({ value }) => value)];
  }

  find(key: string): ProviderContribution | null {
    return this.all().find((each) => each.key === key) ?? null;
  }

  /** @throws Problem 404 */
  get(key: string): ProviderContribution {
    const found = this.find(key);
    if (found === null) throw notFound('This portal has no such sign-in provider.');
    return found;
  }

  /** Each provider has an address of its own, so that the answer of one is never taken for that of another (RFC 9700 section 4.4). */
  redirectUri(key: string): string {
    return `${this.#portal.url}/api/sign-in-oidc/${key}/callback`;
  }
}
