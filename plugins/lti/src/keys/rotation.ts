import { type Command, commandFor, type Job, jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

/** Once a day: rotates the signing key if it is older than `keyLifetimeDays`. */
export const rotateKeys: Job = jobFor<Cradle>()({
  payload: z.strictObject({}),
  schedule: '17 3 * * *',
  handler: async ({ services }) => {
    const kid = await services.signingKeys.rotateWhenDue();
    if (kid !== null) services.log.info({ kid }, 'a new signing key is published');
  },
});

export const rotateKeysCommand: Command = commandFor<Cradle>()({
  name: 'lti rotate-keys',
  summary: 'Create a new key for signing launches; the old one stays published for 48 hours after it stops signing',
  options: {
    now: { type: 'boolean', help: 'sign with the new key immediately, not after it has been published for a day' },
    revoke: { type: 'boolean', help: 'withdraw the old keys immediately (when one leaked); launches in progress fail' },
  },
  run: async ({ work, options, print }) => {
    const rotation = { immediately: options.now === true, revoke: options.revoke === true };
    const kid = await work((services) => services.signingKeys.rotate(rotation));
    print(`New signing key: ${kid}`);
  },
});
