import lti from '@ilearn/plugin-lti';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, initiate, launched } from './support/flow.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({ config: { keyLeadHours: 24 } });
});
afterAll(() => world?.stop());

const published = async () => (await world.platform.client().get('/api/lti/jwks')).body.keys as Record<string, string>[];
const kids = async () => (await published()).map(({ kid }) => kid);
const signingKid = async () => decodeProtectedHeader((await ask(world, await initiate(world))).fields.id_token as string).kid;
const rotate = (options = {}) => world.platform.work('lti', ({ signingKeys }) => signingKeys.rotate(options)) as Promise<string>;
const hoursPass = (hours: number) =>
  world.platform.work('lti', ({ knex }) =>
    knex.raw(
      `update signing_keys set signs_from = signs_from - make_interval(hours => :hours),
       published_until = published_until - make_interval(hours => :hours), created_at = created_at - make_interval(hours => :hours)`,
      { hours },
    ),
  );
const daily = () => world.platform.work('lti', ({ signingKeys }) => signingKeys.rotateWhenDue()) as Promise<string | null>;

describe('the key set', () => {
  it('contains public keys only, and may be cached for an hour', async () => {
    const answer = await world.platform.client().get('/api/lti/jwks');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(answer.body.keys).toHaveLength(1);
    expect(Object.keys(answer.body.keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(answer.body.keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
    expect(Buffer.from(answer.body.keys[0].n, 'base64url').length * 8).toBeGreaterThanOrEqual(2048);
  });

  it('has its private keys stored encrypted, each bound to its own key id', async () => {
    const [row] = await world.rows('signing_keys');
    expect(JSON.stringify(row)).not.toContain('"d"');
    expect(Buffer.from(row.private_jwk, 'base64url').toString('latin1')).not.toContain('kty');
    await world.platform.work('lti', ({ knex }) =>
      knex('signing_keys').insert({ ...row, kid: 'swapped', signs_from: new Date() }),
    );
    await expect(world.platform.work('lti', ({ signingKeys }) => signingKeys.signer())).rejects.toThrow();
    await world.platform.work('lti', ({ knex }) => knex('signing_keys').where({ kid: 'swapped' }).delete());
  });

  it('has a new key before it signs, and an old key long after', async () => {
    const [old] = await kids();
    const fresh = await rotate();
    expect((await kids()).sort()).toEqual([old, fresh].sort());
    expect(await signingKid()).toBe(old);

    await hoursPass(25);
    expect(await signingKid()).toBe(fresh);
    expect(await kids()).toContain(old);

    await hoursPass(46);
    await daily();
    expect(await kids()).toContain(old);
    await hoursPass(2);
    await daily();
    expect(await kids()).toEqual([fresh]);
    // Tools that verify with the key set notice nothing.
    await launched(world);
  });

  it('gets a new key once a key has reached its maximum age, and not before', async () => {
    expect(await daily()).toBeNull();
    await hoursPass(24 * 91);
    const fresh = await daily();
    expect(fresh).toEqual(expect.any(String));
    expect(await daily()).toBeNull();
    expect(await kids()).toHaveLength(2);
  });

  it('may be renewed immediately, and after a leak without the old keys', async () => {
    const before = await kids();
    const fresh = await rotate({ immediately: true });
    expect(await signingKid()).toBe(fresh);
    expect(await kids()).toEqual(expect.arrayContaining(before));
    const only = await rotate({ revoke: true });
    expect(await kids()).toEqual([only]);
    expect(await signingKid()).toBe(only);
  });

  it('is renewed by the operator’s command, and by the daily job', async () => {
    const printed: string[] = [];
    const command = lti.commands?.find(({ name }) => name === 'lti rotate-keys');
    const run = (options: Record<string, boolean>) =>
      command?.run({
        args: [],
        options,
        work: (fn) => world.platform.work('lti', fn),
        progress: { start: () => {}, advance: () => {}, stop: () => {} },
        print: (line) => void printed.push(line),
      });
    await run({ now: true });
    const fresh = await signingKid();
    expect(printed).toEqual([`New signing key: ${fresh}`]);

    await hoursPass(24 * 91);
    await world.platform.work('lti', ({ jobs }) => jobs.enqueue('rotate-keys', {}));
    await world.platform.drain();
    expect(await kids()).toHaveLength(2);
    expect(await signingKid()).toBe(fresh);
  });

  it('gets only one first key from many concurrent processes', async () => {
    await world.platform.work('lti', ({ knex }) => knex('signing_keys').delete());
    await Promise.all(Array.from({ length: 4 }, () => world.platform.work('lti', ({ signingKeys }) => signingKeys.ensure())));
    expect(await kids()).toHaveLength(1);
  });

  it('is announced, with the other addresses, for discovery', async () => {
    const { body } = await world.platform.client().get('/api/lti/openid-configuration');
    expect(body).toMatchObject({
      issuer: world.platform.url,
      jwks_uri: `${world.platform.url}/api/lti/jwks`,
      authorization_endpoint: `${world.platform.url}/api/lti/auth`,
      token_endpoint: `${world.platform.url}/api/lti/token`,
    });
  });
});

describe('cleaning up', () => {
  it('removes what has expired, and nothing else', async () => {
    const tool = world.tool;
    await tool.token('https://purl.imsglobal.org/spec/lti-ags/scope/score');
    await initiate(world);
    const cleanUp = async () => {
      await world.platform.work('lti', ({ jobs }) => jobs.enqueue('clean-up', {}));
      await world.platform.drain();
    };
    await cleanUp();
    expect(await world.rows('access_tokens')).toHaveLength(1);
    expect(await world.rows('used_assertions')).toHaveLength(1);
    expect(await world.rows('launches', { state: 'started' })).toHaveLength(1);

    await world.platform.work('lti', async ({ knex }) => {
      for (const table of ['access_tokens', 'used_assertions', 'launches'])
        await knex(table).update({ expires_at: new Date(Date.now() - 1000) });
    });
    await cleanUp();
    expect(await world.rows('access_tokens')).toHaveLength(0);
    expect(await world.rows('used_assertions')).toHaveLength(0);
    const launches = await world.rows('launches');
    expect(launches.every(({ request }) => request === null)).toBe(true);
    expect(launches.filter(({ state }) => state === 'started')).toHaveLength(0);
    expect(launches.filter(({ failure }) => failure === 'launch-expired')).toHaveLength(1);
    await cleanUp();
    expect((await world.failed()).map(({ reason }) => reason)).toEqual(['launch-expired']);
  });
});

describe('operator 14: keys that were encrypted with another master key', () => {
  it('are not published; the next start creates one that signs, and logs it once', async () => {
    const before = [...(await kids()), await rotate()];
    // As after a change of the master key: the private keys cannot be decrypted.
    await world.platform.work('lti', ({ knex }) => knex('signing_keys').update({ private_jwk: 'A'.repeat(400) }));
    expect(await published()).toEqual([]);
    await expect(world.platform.work('lti', ({ signingKeys }) => signingKeys.signer())).rejects.toThrow(
      /encrypted with another master key.*Restart the portal/,
    );
    const lines = world.platform.log.length;
    await world.platform.work('lti', ({ signingKeys }) => signingKeys.ensure());
    const told = world.platform.log.slice(lines).filter((line) => line.includes('another master key'));
    expect(told).toHaveLength(1);
    const after = await kids();
    expect(after).toHaveLength(1);
    expect(before).not.toContain(after[0]);
    expect(await signingKid()).toBe(after[0]);
    await launched(world);
    await hoursPass(25);
    expect(await daily()).toBeNull();
    expect(await signingKid()).toBe(after[0]);
  });
});
