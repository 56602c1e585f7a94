import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** The tool's signing key, created at each start. The platform fetches the public key. */
export interface ToolKey {
  kid: string;
  privateKey: CryptoKey;
  /** The public key, as in the key set. */
  jwk: JWK;
}

export async function createToolKey(): Promise<ToolKey> {
  const kid = randomUUID();
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}
