import type { Dependencies } from './dependencies.js';
import { type Audience, audiences, type ProviderContribution } from './exports.js';

export interface SignInOptions {
  audiences: { key: Audience; providers: Pick<ProviderContribution, 'key' | 'label' | 'startPath'>[] }[];
  /** Whether another plugin asks for the school and offers the providers of that school, in the slot `login.ways`. */
  ofSchools: boolean;
}

/** The contributions to `login.providers` by audience, in load order. */
export class Providers {
  readonly #contributions: Dependencies['contributions'];

  constructor({ contributions }: Dependencies) {
    this.#contributions = contributions;
  }

  options(): SignInOptions {
    const providers = this.#contributions.of('providers').map(({ value }) => value);
    return {
      ofSchools: providers.some(({ ofSchools }) => ofSchools),
      audiences: audiences.map((key) => ({
        key,
        providers: providers.filter((provider) => provider.audiences.includes(key)),
      })),
    };
  }
}
