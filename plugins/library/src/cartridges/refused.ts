/** Why a file is no cartridge that can be read. */
export type Refusal = 'not-zip' | 'too-large' | 'no-manifest' | 'manifest-broken' | 'nothing-in-it';

export class CartridgeRefused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal);
  }
}
