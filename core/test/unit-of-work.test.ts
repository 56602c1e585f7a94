import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TimeLimit } from '../dist/foundation/time-limit.js';
import { north, value, within } from './support/fixtures.js';
import { alpha, beta } from './support/notes.js';

let portal: TestPlatform;
const asBeta = <T>(fn: (services: any) => Promise<T>) => portal.work('beta', fn);
const user = () => asBeta(({ knex }) => value(knex.raw('select current_user')));

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [beta, alpha] });
  await portal.work('alpha', ({ notes }) => notes.add(north, 'een'));
  await portal.work('alpha', ({ notes }) => notes.add(north, 'twee'));
});
afterAll(() => portal?.stop());

test('a function may return a value or a query in place of a promise, with a time limit too', async () => {
  const { runner } = portal.platform;
  const run = (fn: (services: any) => unknown, limit?: TimeLimit) =>
    runner.run(limit === undefined ? {} : { limit }, ((frame: never) => fn(runner.cradleOf('alpha', frame))) as never);
  for (const limit of [undefined, new TimeLimit()]) {
    expect(await run(() => 'value', limit)).toBe('value');
    expect(await run(({ knex }) => knex('notes').count('* as many').first(), limit)).toEqual({ many: '2' });
    await expect(
      run(() => {
        throw new Error('at once');
      }, limit),
    ).rejects.toThrow('at once');
  }
});

test('a callback runs as the plugin that defined it', async () => {
  const users = await asBeta(({ knex, alpha }) => alpha.notes.each(async () => value(knex.raw('select current_user'))));
  expect(users).toEqual([
    ['ilearn_beta', 'ilearn_alpha'],
    ['ilearn_beta', 'ilearn_alpha'],
  ]);
});

test('interleaved statements each run as their own plugin', async () => {
  const users = await asBeta(({ knex, alpha }) =>
    Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? value(knex.raw('select current_user')) : alpha.notes.user())),
    ),
  );
  expect(users).toEqual(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'ilearn_beta' : 'ilearn_alpha')));
});

test('many statements in a row let timers of this process run', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await asBeta(async ({ knex }) => {
    for (let each = 0; each < 200; each++) await knex.raw('select count(*) from generate_series(1, 5000) n where n > ?', [each]);
  });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test('everything is stored, or nothing', async () => {
  const failing = asBeta(async ({ knex, alpha }) => {
    await alpha.notes.add(north, 'half');
    await knex('marks').insert({ text: 'half' });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await asBeta(({ alpha }) => alpha.notes.texts())).not.toContain('half');
  expect(await asBeta(({ knex }) => knex('marks'))).toEqual([]);
});

test('a database error that the code catches leads to nothing being stored, and is reported', async () => {
  const swallowing = asBeta(async ({ knex }) => {
    await knex('marks').insert({ text: 'kept?' });
    await knex('marks')
      .insert({ text: 'kept?' })
      .catch(() => {});
  });
  await expect(swallowing).rejects.toThrow('nothing was stored');
  expect(await asBeta(({ knex }) => knex('marks'))).toEqual([]);
});

test('a savepoint rolls back only its own part; role and tenants are restored', async () => {
  const state = `select concat_ws(' ', current_user, current_setting('ilearn.tenants'), current_setting('search_path'))`;
  await within(portal, 'beta', [north], async ({ knex, alpha, unitOfWork }) => {
    const before = await value(knex.raw(state));
    expect(before).toBe(`ilearn_beta ${north} "beta", pg_temp`);
    await knex('marks').insert({ text: 'outside' });
    const inside = unitOfWork.savepoint(async () => {
      await knex('marks').insert({ text: 'inside' });
      await alpha.notes.fail();
    });
    await expect(inside).rejects.toThrow('division by zero');
    expect(await value(knex.raw(state))).toBe(before);
    expect(await alpha.notes.user()).toBe('ilearn_alpha');
    const nested = knex.transaction(async (trx: any) => {
      await trx('marks').insert({ text: 'in a transaction' });
      await alpha.notes.fail();
    });
    await expect(nested).rejects.toThrow('division by zero');
    await knex.transaction((trx: any) => trx('marks').insert({ text: 'in a second one' }));
    expect(await knex('marks').pluck('text').orderBy('text')).toEqual(['in a second one', 'outside']);
    await knex('marks').delete();
  });
});

test('callbacks after the commit of a part that was rolled back do not run', async () => {
  const done: string[] = [];
  await asBeta(async ({ unitOfWork }) => {
    unitOfWork.afterCommit(() => done.push('whole'));
    const part = unitOfWork.savepoint(async () => {
      unitOfWork.afterCommit(() => done.push('part'));
      throw new Error('undone');
    });
    await part.catch(() => {});
    expect(done).toEqual([]);
  });
  expect(done).toEqual(['whole']);
  await asBeta(async ({ unitOfWork }) => {
    unitOfWork.afterCommit(() => done.push('never'));
    throw new Error('undone');
  }).catch(() => {});
  expect(done).toEqual(['whole']);
});

test('a failure after the commit does not tell the caller that nothing was stored', async () => {
  const answer = await asBeta(async ({ knex, unitOfWork }) => {
    await knex('marks').insert({ text: 'stored' });
    unitOfWork.afterCommit(() => {
      throw new Error('the mail server is down');
    });
    return 'fine';
  });
  expect(answer).toBe('fine');
  expect(await asBeta(({ knex }) => knex('marks').delete())).toBe(1);
  expect(portal.log.join('')).toContain('the mail server is down');
});

test('a statement after the end of the unit is refused, and stores nothing', async () => {
  let late: any;
  let add: any;
  await asBeta(async ({ knex, alpha }) => {
    await knex('marks').select();
    late = () => knex('marks').insert({ text: 'late' });
    add = alpha.notes.add;
  });
  await expect(late()).rejects.toThrow('beta: no unit of work is open here');
  await expect(add(north, 'late')).rejects.toThrow('alpha: no unit of work is open here');
  const escaped = await asBeta(async ({ knex }) => {
    await knex('marks').select();
    // Not awaited: it comes when the unit of work is over.
    return { promise: new Promise((resolve) => setTimeout(resolve, 50)).then(() => knex('marks').insert({ text: 'late' })) };
  });
  await expect(escaped.promise).rejects.toThrow('this unit of work has ended');
  expect(await asBeta(({ knex }) => knex('marks'))).toEqual([]);
});

test('another unit cannot be opened inside it, but can after its commit', async () => {
  await asBeta(async () => {
    await expect(user()).rejects.toThrow('a unit of work is open already');
  });
  const after = new Promise((resolve, reject) => {
    void asBeta(async ({ unitOfWork }) => unitOfWork.afterCommit(() => user().then(resolve, reject)));
  });
  expect(await after).toBe('ilearn_beta');
});
