import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { Delivered } from './delivery.js';
import { payloads } from './payloads.js';
import { sendLetter } from './send-letter.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Apart from the unit of work that notified: it may be long, and each e-mail that is planned is locked until a unit ends. */
  plan: job({
    payload: payloads.plan,
    handler: async ({ payload: { people }, services: { composer } }) => {
      for (const personId of [...people].sort()) await composer.plan(personId, 'now');
    },
  }),
  compose: job({
    payload: payloads.compose,
    handler: ({ payload: { personId, channel }, services: { composer } }) => composer.compose(personId, channel),
  }),
  deliver: job({
    payload: payloads.deliver,
    outside: {
      seconds: 300,
      call: async ({ payload: { mailId, unanswered = false }, read }): Promise<Delivered | null> => {
        const letter = await read(({ delivery }) => delivery.letter(mailId, unanswered));
        return letter === null || 'outcome' in letter ? letter : sendLetter(letter.server, letter.config, letter);
      },
    },
    handler: async ({ payload: { mailId }, result, services: { delivery } }) => {
      if (result !== null) await delivery.record(mailId, result);
    },
  }),
  daily: job({
    payload: payloads.daily,
    schedule: '0 7 * * *',
    handler: ({ payload: { after }, services: { composer } }) => composer.planDigests('daily', after),
  }),
  weekly: job({
    payload: payloads.weekly,
    schedule: '0 7 * * 1',
    handler: ({ payload: { after }, services: { composer } }) => composer.planDigests('weekly', after),
  }),
};
