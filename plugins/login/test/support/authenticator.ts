import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();
const encoded = (data: Buffer): string => data.toString('base64url');

const lengthOf = (head: number, length: number): Buffer =>
  length < 24
    ? Buffer.from([head + length])
    : length < 256
      ? Buffer.from([head + 24, length])
      : Buffer.from([head + 25, length >> 8, length & 255]);
const cborText = (text: string): Buffer => Buffer.concat([lengthOf(0x60, text.length), Buffer.from(text)]);
const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([lengthOf(0x40, bytes.length), bytes]);

export interface Wish {
  origin: string;
  challenge?: string;
  /** Default: the host of the origin. */
  rpId?: string;
  /** Whether the person was verified; default true. */
  verified?: boolean;
}

/** A security key in software, with one ES256 credential (WebAuthn Level 3 §6), which does what a test says, right or wrong. */
export class SoftKey {
  readonly id = randomBytes(16);
  readonly #pair: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  userHandle = '';
  counter = 0;

  create(options: { challenge: string; user: { id: string } }, wish: Wish) {
    this.userHandle = options.user.id;
    const { x, y } = this.#pair.publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    const coordinates = [x, y].map((each) => cborBytes(Buffer.from(each, 'base64url'))) as [Buffer, Buffer];
    const key = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      coordinates[0],
      Buffer.from([0x22]),
      coordinates[1],
    ]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, key]);
    const authData = Buffer.concat([this.#authData(wish, 0x40), attested]);
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      ...[cborText('fmt'), cborText('none'), cborText('attStmt'), Buffer.from([0xa0]), cborText('authData'), cborBytes(authData)],
    ]);
    return this.#credential({
      clientDataJSON: encoded(this.#clientData('webauthn.create', options.challenge, wish)),
      attestationObject: encoded(attestation),
      transports: ['internal'],
    });
  }

  get(options: { challenge: string }, wish: Wish) {
    this.counter += 1;
    const clientData = this.#clientData('webauthn.get', options.challenge, wish);
    const authData = this.#authData(wish, 0);
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), this.#pair.privateKey);
    return this.#credential({
      clientDataJSON: encoded(clientData),
      authenticatorData: encoded(authData),
      signature: encoded(signature),
      userHandle: this.userHandle,
    });
  }

  #credential<Response>(response: Response) {
    const id = encoded(this.id);
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {}, response };
  }

  #authData({ origin, rpId = new URL(origin).hostname, verified = true }: Wish, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(rpId), Buffer.from([0x01 | (verified ? 0x04 : 0) | flags]), counter]);
  }

  #clientData(type: string, challenge: string, wish: Wish): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge: wish.challenge ?? challenge, origin: wish.origin, crossOrigin: false }));
  }
}
