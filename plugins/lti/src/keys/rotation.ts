import { type Command, commandFor, type Job, jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

/** Looks once a day whether the signing key has reached its age. */
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
  summary: 'Make a new key for signing launches; the old one stays published for 48 hours after it stops signing',
  options: {
    now: { type: 'boolean', help: 'let the new key sign at once, not after it has been published for a day' },
    revoke: { type: 'boolean', help: 'take the old keys away at once (when one leaked); running launches fail' },
  },
  run: async ({ work, options, print }) => {
    const rotation = { immediately: options.now === true, revoke: options.revoke === true };
    const kid = await work((services) => services.signingKeys.rotate(rotation));
    print(`New signing key: ${kid}`);
  },
});
