import { jobFor } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { releaseDemo, wait } from './demo/fill.js';
import { payloads } from './job-payloads.js';
import { negotiationMessage, sendMessage, transferMessage } from './protocol/tell.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Draws one answer of a release whose cost has been committed, again until all are drawn; then publishes it. */
  answer: job({
    payload: payloads.answer,
    timeoutSeconds: 7_200,
    handler: ({ payload: { release }, services: { releases } }) => releases.answer(release),
  }),
  /** Asks people of a school that agreed whether they take part in a study. */
  askPeople: job({
    payload: payloads.askPeople,
    handler: ({ payload: { study, school }, services: { studySchools } }) => studySchools.askPeople(study, school),
  }),
  /** Releases figures of the demonstration once the cube has published them, which takes minutes. */
  releaseDemo: job({
    payload: payloads.releaseDemo,
    async handler({ payload: { day, at }, services }) {
      if ((await releaseDemo(services, day)) || at >= wait.times) return;
      await services.jobs.enqueue('releaseDemo', { day, at: at + 1 }, { delaySeconds: wait.minutes * 60 });
    },
  }),
  /** Deletes what was kept for studies and is of no use any more. */
  tidyStudies: job({
    payload: payloads.tidyStudies,
    schedule: '20 4 * * *',
    handler: ({ services: { participants } }) => participants.tidy(),
  }),
  /** Ends transfers whose agreement is over, so that their consumers are told. No data are handed over after that moment anyway. Forgets old tokens. */
  endExpired: job({
    payload: payloads.endExpired,
    schedule: '10 4 * * *',
    async handler({ services: { transfers, identities } }) {
      await transfers.endExpired();
      await identities.tidy();
    },
  }),
  /** Tells a consumer what the portal decided. Tried again for more than five hours: agreements and tokens are told in no other way. */
  tell: job({
    payload: payloads.tell,
    retries: 12,
    backoff: 5,
    outside: {
      seconds: 15,
      call: async ({ payload, read, http, message: { signal } }): Promise<null> => {
        const told = await read(async (services) => {
          const found = await (payload.process === 'negotiation'
            ? negotiationMessage(services, payload.id, payload.move)
            : transferMessage(services, payload.id, payload.move));
          return found === null ? null : { ...found, authorization: await services.identities.headerFor(found.partnerId) };
        });
        if (told !== null) await sendMessage(http, told, signal);
        return null;
      },
    },
    handler: async () => {},
  }),
};
