import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { PluginDefinition } from '@ilearn/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HandlerCase, handlerCases, type Published } from './event-cases.js';
import { createWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

/** All plugins of this repository. */
const plugins: PluginDefinition[] = await Promise.all(
  (await readdir(new URL('../../', import.meta.url))).map(async (name) => (await import(`@ilearn/plugin-${name}`)).default),
);

/** Handlers that tests of their own plugins cover. */
const elsewhere: Record<string, string> = {
  'academy demo.made': 'plugins/demo/test/doors.browser.test.ts',
  'academy directory.providers-changed': 'plugins/academy/test/providers.test.ts',
  'academy myway.path-finished': 'plugins/academy/test/self-paced.browser.test.ts',
  'academy notifications.attachment-wanted': 'plugins/academy/test/calendar.test.ts',
  'api directory.classes-added': 'plugins/api/test/webhooks.test.ts',
  'api directory.classes-changed': 'plugins/api/test/webhooks.test.ts',
  'api directory.classes-removed': 'plugins/api/test/webhooks.test.ts',
  'api directory.enrolments-added': 'plugins/api/test/webhooks.test.ts',
  'api directory.enrolments-changed': 'plugins/api/test/webhooks.test.ts',
  'api directory.enrolments-removed': 'plugins/api/test/webhooks.test.ts',
  'api myway.assignment-changed': 'plugins/api/test/webhooks.test.ts',
  'api myway.assignment-given': 'plugins/api/test/webhooks.test.ts',
  'api myway.assignment-withdrawn': 'plugins/api/test/webhooks.test.ts',
  'api myway.path-finished': 'plugins/api/test/webhooks.test.ts',
  'api myway.step-done': 'plugins/api/test/webhooks.test.ts',
  'api myway.step-reset': 'plugins/api/test/webhooks.test.ts',
  'cube academy.attended': 'plugins/cube/test/cube.test.ts',
  'cube demo.made': 'plugins/cube/test/cube.test.ts',
  'cube helpdesk.ticket-answered': 'plugins/cube/test/cube.test.ts',
  'cube lti.launched': 'plugins/cube/test/cube.test.ts',
  'cube myway.assignment-given': 'plugins/cube/test/cube.test.ts',
  'cube myway.attempt-scored': 'plugins/cube/test/cube.test.ts',
  'cube myway.path-finished': 'plugins/cube/test/cube.test.ts',
  'cube myway.path-made': 'plugins/cube/test/cube.test.ts',
  'cube myway.step-done': 'plugins/cube/test/cube.test.ts',
  'data-space demo.made': 'plugins/demo/test/doors.browser.test.ts',
  'data-space lti.launched': 'plugins/data-space/test/data-space.test.ts',
  'data-space privacy.consent-given': 'plugins/data-space/test/data-space.test.ts',
  'data-space privacy.consent-withdrawn': 'plugins/data-space/test/data-space.test.ts',
  'data-space myway.step-done': 'plugins/data-space/test/data-space.test.ts',
  'helpdesk demo.made': 'plugins/demo/test/doors.browser.test.ts',
  'helpdesk helpdesk.message-added': 'plugins/helpdesk/test/mail.test.ts',
  'helpdesk helpdesk.ticket-opened': 'plugins/helpdesk/test/outages-wishes.test.ts',
  'helpdesk kernel.settings-changed': 'plugins/helpdesk/test/mail.test.ts',
  'helpdesk lti.launch-failed': 'plugins/helpdesk/test/outages-wishes.test.ts',
  'joining demo.made': 'plugins/demo/test/doors.browser.test.ts',
  'licences demo.made': 'plugins/demo/test/doors.browser.test.ts',
  'licences directory.people-removed': 'plugins/licences/test/licences.test.ts',
  'licences directory.school-year-restored': 'plugins/licences/test/licences.test.ts',
  'licences directory.school-year-turned': 'plugins/licences/test/licences.test.ts',
  'login directory.provider-person-invited': 'plugins/login/test/invitations.test.ts',
  'login directory.provider-people-removed': 'plugins/login/test/invitations.test.ts',
  'myway licences.ending': 'plugins/licences/test/licences.test.ts',
  'myway directory.school-year-restored': 'plugins/myway/test/assignments.test.ts',
  'myway directory.school-year-turned': 'plugins/myway/test/assignments.test.ts',
  'privacy kernel.export-ready': 'plugins/privacy/test/privacy.test.ts',
};

it('every handler of an event has a case here', () => {
  const listening = plugins.flatMap(({ id, on = {} }) => Object.keys(on).map((event) => `${id} ${event}`));
  expect([...Object.keys(handlerCases), ...Object.keys(elsewhere)].sort()).toEqual(listening.sort());
});

it('newcomer 17: every event of a plugin is in a table in docs/, with its payload', async () => {
  const folder = new URL('../../../docs/', import.meta.url);
  const pages = await Promise.all(
    (await readdir(folder)).filter((name) => name.endsWith('.md')).map((name) => readFile(new URL(name, folder), 'utf8')),
  );
  const declared = plugins.flatMap(({ id, events = {} }) => Object.keys(events).map((event) => `${id}.${event}`));
  const told = pages.flatMap((page) =>
    [...page.matchAll(/^\| `([a-z-]+\.[a-z-]+)` \| .+ \| .+ \|$/gm)].map(([, name]) => name as string),
  );
  expect(told).toEqual(expect.arrayContaining(declared));
});

interface Delivery {
  published: Published;
  message: string;
}

/** Calls the handler as the kernel does: in a unit of work of its own, with the payload as the event's schema makes it. */
async function deliver(name: string, { published, message }: Delivery): Promise<void> {
  const [plugin = '', event = ''] = name.split(' ');
  const handler = plugins.find(({ id }) => id === plugin)?.on?.[event];
  if (handler === undefined) throw new Error(`no handler for ${name}`);
  await world.platform.work(plugin, async (services) => {
    await handler({
      payload: published.payload,
      services,
      message: { id: message, attempt: 1, at: published.at, signal: AbortSignal.timeout(60_000), progress: async () => {} },
    } as unknown as Parameters<typeof handler>[0]);
  });
}

/** Handlers at work at the same time, as a process has them. */
const atOnce = 4;

/** Lets a history happen and delivers each event after as many further operations as `delays` says, as often as it says. */
async function run(
  name: string,
  { arrange, perform, outcome }: HandlerCase,
  history: unknown[],
  delays: (index: number) => number[],
  shuffled: boolean,
): Promise<unknown> {
  const subject = await arrange(world);
  const due: Delivery[][] = [];
  const deliverAt = async (index: number) => {
    const now = due[index] ?? [];
    if (shuffled) now.reverse();
    const together = shuffled ? atOnce : 1;
    for (let from = 0; from < now.length; from += together) {
      await Promise.all(now.slice(from, from + together).map((each) => deliver(name, each)));
    }
  };
  for (const [index, operation] of history.entries()) {
    const published = await perform(world, subject, operation, index);
    if (published !== null) {
      const message = randomUUID();
      for (const delay of delays(index)) {
        const at = Math.min(index + delay, history.length);
        due[at] = [...(due[at] ?? []), { published, message }];
      }
    }
    await deliverAt(index);
  }
  await deliverAt(history.length);
  return outcome(world, subject);
}

describe('operator 4: late, duplicate and reordered events have the same result as ordered ones', () => {
  for (const [name, handlerCase] of Object.entries(handlerCases)) {
    it(name, () => {
      const began = performance.now();
      return fc.assert(
        fc.asyncProperty(
          handlerCase.history,
          fc.array(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }), { minLength: 12, maxLength: 12 }),
          async (history, delays) => {
            // On a busy machine fewer runs; each is a check of its own.
            if (performance.now() - began > 60_000) return;
            const inOrder = await run(name, handlerCase, history, () => [0], false);
            const disturbed = await run(name, handlerCase, history, (index) => delays[index] ?? [0], true);
            expect(disturbed).toEqual(inOrder);
          },
        ),
        { numRuns: Number(process.env.ILEARN_PROPERTY_RUNS ?? 8) },
      );
    }, 240_000);
  }
});

it('operator 4: scores that parallel workers deliver out of order are all recorded as tries, and the newest is shown', async () => {
  const path = await world.path([await world.ltiActivity()]);
  const { id } = await world.assign(path.id);
  const scores = Array.from({ length: 10 }, (_, index) => ({
    assignmentId: id,
    stepId: path.steps[0].id,
    pupil: world.pupils[0],
    scoreGiven: index,
    timestamp: new Date(Date.UTC(2026, 10, 20, 10, index)).toISOString(),
  }));
  // Newest first, as a backlog that is worked off by several.
  await Promise.all(scores.reverse().map((score) => world.score(score)));
  const { body } = await world.teacher.client.get(`/api/myway/assignments/${id}/progress`);
  expect(body.rows[0].cells[0]).toMatchObject({ tries: 10, score: { given: 9, maximum: 10 }, state: 'done' });
});
