import { hkdfSync } from 'node:crypto';
import type { Secrets } from '../contract/privileged.js';

/** Derives keys for one plugin; keys of different plugins always differ. */
export class SecretService implements Secrets {
  constructor(
    private readonly pluginId: string,
    private readonly master: () => Uint8Array,
  ) {}

  async key(purpose: string): Promise<Uint8Array> {
    return new Uint8Array(hkdfSync('sha256', this.master(), 'ilearn', `${this.pluginId}/${purpose}`, 32));
  }
}
