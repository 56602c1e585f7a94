import { handlerFor } from '@ilearn/core';
import { schoolYearRestored, schoolYearTurned } from '@ilearn/plugin-directory';
import type { Cradle } from '../cradle.js';

const follow = async ({ payload, services }: { payload: { rolloverId: string }; services: Cradle }) =>
  services.classTurns.follow(payload.rolloverId);

/** Events of the directory. */
export const followDirectory = {
  'directory.people-removed': handlerFor<Cradle>()(
    'directory.people-removed',
    async ({ payload: { school, personIds }, services }) => {
      if (school !== null) await services.seatLedger.free(school, personIds);
    },
  ),
  'directory.school-year-turned': handlerFor<Cradle>()(schoolYearTurned, follow),
  'directory.school-year-restored': handlerFor<Cradle>()(schoolYearRestored, follow),
};
