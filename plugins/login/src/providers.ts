import type { Dependencies } from './dependencies.js';
import { type Audience, audiences, type ProviderContribution } from './exports.js';

export interface SignInOptions {
  audiences: {
    key: Audience;
    /** Whether another plugin asks for the school and offers the providers of that school, in the slot `login.ways`. */
    ofSchools: boolean;
    providers: Pick<ProviderContribution, 'key' | 'label' | 'startPath'>[];
  }[];
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
      audiences: audiences.map((key) => {
        const theirs = providers.filter((provider) => provider.audiences.includes(key));
        // People of a provider have no school.
        const isOfSchools = ({ ofSchools }: ProviderContribution) => ofSchools && key !== 'provider';
        return { key, ofSchools: theirs.some(isOfSchools), providers: theirs.filter((each) => !isOfSchools(each)) };
      }),
    };
  }
}
