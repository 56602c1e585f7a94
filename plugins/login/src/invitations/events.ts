import { handlerFor } from '@ilearn/core';
import { providerPeopleRemoved, providerPersonInvited } from '@ilearn/plugin-directory';
import type { Cradle } from '../cradle.js';

const handler = handlerFor<Cradle>();

export const on = {
  'directory.provider-person-invited': handler(providerPersonInvited, ({ payload, services }) =>
    services.invitations.invite(payload),
  ),
  'directory.provider-people-removed': handler(providerPeopleRemoved, ({ payload, services }) =>
    services.invitations.forget(payload.personIds),
  ),
};
