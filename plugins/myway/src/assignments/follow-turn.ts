import { handlerFor } from '@ilearn/core';
import { schoolYearRestored, schoolYearTurned } from '@ilearn/plugin-directory';
import type { Cradle } from '../cradle.js';

const follow = async ({ payload, services }: { payload: { rolloverId: string }; services: Cradle }) =>
  services.classTurns.follow(payload.rolloverId);

/** `directory.school-year-turned` and `directory.school-year-restored`. */
export const followTurn = {
  turned: handlerFor<Cradle>()(schoolYearTurned, follow),
  restored: handlerFor<Cradle>()(schoolYearRestored, follow),
};
