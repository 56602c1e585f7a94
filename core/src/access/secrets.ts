import type { Secrets } from '../contract/privileged.js';
import { derivedKey } from '../foundation/derived-key.js';

/** Derives keys for one plugin; keys of different plugins always differ. */
export class SecretService implements Secrets {
  constructor(
    private readonly pluginId: string,
    private readonly master: () => Uint8Array,
  ) {}

  async key(purpose: string): Promise<Uint8Array> {
    return derivedKey(this.master(), `${this.pluginId}/${purpose}`);
  }
}
