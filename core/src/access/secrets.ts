import type { Secrets } from '../contract/privileged.js';
import { derivedKey } from '../foundation/derived-key.js';
import { openText, sealText } from '../foundation/sealed-text.js';

/** Keys of one plugin, and texts sealed with them; keys of different plugins always differ. */
export class SecretService implements Secrets {
  constructor(
    private readonly pluginId: string,
    private readonly master: () => Uint8Array,
  ) {}

  async key(purpose: string): Promise<Uint8Array> {
    return derivedKey(this.master(), `${this.pluginId}/${purpose}`);
  }

  async seal(purpose: string, place: string, text: string): Promise<Uint8Array> {
    return sealText(await this.key(purpose), text, place);
  }

  async open(purpose: string, place: string, sealed: Uint8Array): Promise<string | null> {
    try {
      return openText(await this.key(purpose), Buffer.from(sealed), place);
    } catch {
      return null;
    }
  }
}
