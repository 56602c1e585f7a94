import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
const good = rsa(2048);
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const set = (...keys: object[]) => ({ status: 200, body: JSON.stringify({ keys }) });

/** Name, the response of the tool's JWKS address for the kid that the tool sends, and the start of the refusal. */
const faults: [string, (kid: string) => { status: number; body: string; headers?: Record<string, string> }, RegExp][] = [
  [
    'two keys with the kid that was sent',
    (kid) => set({ ...good, kid }, { ...rsa(2048), kid }),
    /^key-ambiguous: .*more than one key with the kid/,
  ],
  ['a key of 1024 bits', (kid) => set({ ...rsa(1024), kid }), /^key-too-short: .*2048 bits/],
  [
    'a redirect',
    () => ({ status: 302, body: '', headers: { location: '/elsewhere' } }),
    /^jwks-invalid: .*answered 302, and redirects are not followed/,
  ],
  [
    'a permanent redirect',
    () => ({ status: 308, body: '', headers: { location: '/elsewhere' } }),
    /^jwks-invalid: .*answered 308/,
  ],
  ['404', () => ({ status: 404, body: '' }), /^jwks-invalid: .*answered 404 instead of 200/],
  ['204', () => ({ status: 204, body: '' }), /^jwks-invalid: .*answered 204/],
  ['a web page', () => ({ status: 200, body: '<!doctype html>' }), /^jwks-invalid: .*did not answer with JSON/],
  ['JSON that is no key set', () => ({ status: 200, body: '[]' }), /^jwks-invalid: .*not answer with a JSON Web Key Set/],
  [
    'keys that are no objects',
    () => ({ status: 200, body: '{"keys":[1]}' }),
    /^jwks-invalid: .*not answer with a JSON Web Key Set/,
  ],
  ['no keys', () => set(), /^key-unknown: kid names no key/],
  ['another kid', () => set({ ...good, kid: 'other' }), /^key-unknown: kid names no key/],
  ['a key for encryption', (kid) => set({ ...good, kid, use: 'enc' }), /^key-unusable: .*not for RS256/],
  ['a key for another algorithm', (kid) => set({ ...good, kid, alg: 'RS512' }), /^key-unusable: .*not for RS256/],
  ['a key of another type', (kid) => set({ ...elliptic, kid }), /^key-unusable: .*not for RS256/],
  ['a key without a modulus', (kid) => set({ kty: 'RSA', e: 'AQAB', kid }), /^key-unusable: .*not a valid RSA public key/],
  ['another key under that kid', (kid) => set({ ...good, kid }), /^signature-invalid: /],
];

it.each(faults)('LTI F13: a key set with %s is refused with the exact reason', async (what, answer, description) => {
  const tool = await world.addTool(`keys-${what.replaceAll(/\W+/g, '-').toLowerCase()}`);
  tool.answerKeysWith(answer(decodeProtectedHeader(await tool.assertion()).kid as string));
  for (let time = 0; time < 2; time += 1) {
    // The second request comes while the address is not called again; the reason stays the same.
    const { status, body } = await tool.requestToken(scopes.score);
    expect([status, body.error, body.error_description]).toEqual([401, 'invalid_client', expect.stringMatching(description)]);
  }
});

test('LTI F13: several keys without a kid, and an unreachable tool, have different errors', async () => {
  const tool = await world.addTool('keys-without-kid');
  tool.answerKeysWith(set({ ...good, kid: 'a' }, { ...rsa(2048), kid: 'b' }));
  const withoutKid = await tool.assertion({ header: { kid: undefined } });
  expect((await tool.requestToken(scopes.score, withoutKid)).body.error_description).toMatch(
    /^key-ambiguous: the header must name a kid/,
  );
  const down = await world.addTool('keys-down', { jwksUrl: 'http://127.0.0.1:9/jwks' });
  expect((await down.requestToken(scopes.score)).body.error_description).toMatch(/^jwks-unreachable: .*could not be reached/);
});
