import { handlerFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { StudyCradle } from './cradle.js';

const handler = handlerFor<StudyCradle>();

/**
 * Answers to the questions of studies. The order in which they arrive does not matter: what holds is looked up. As the portal, since a parent
 * who answers by a link sees no school.
 */
async function follow({ purpose, about, person }: { purpose: string; about: string; person: string }, { actAs }: StudyCradle) {
  if (purpose !== 'research' || !z.uuid().safeParse(about).success) return;
  await actAs<void, StudyCradle>(systemPrincipal(), ({ participants }) => participants.follow(about, person));
}

export const onConsents = {
  'privacy.consent-given': handler('privacy.consent-given', ({ payload, services }) => follow(payload, services)),
  'privacy.consent-withdrawn': handler('privacy.consent-withdrawn', ({ payload, services }) => follow(payload, services)),
};
