import { handlerFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

const messages = new URL('../../messages/', import.meta.url);

/** Contributions to `notifications.kinds`. */
export const notificationKinds = [
  { name: 'own-export-ready', messages, text: 'notifications.ownExportReady', place: '/mijn-gegevens' },
  {
    name: 'export-ready',
    messages,
    text: 'notifications.exportReady',
    place: '/beheer/privacy/personen/:id',
    audience: 'privacy:read',
  },
];

/** `kernel.export-ready`: notifies whoever asked for the export. */
export const notifyOfExport = handlerFor<Cradle>()(
  'kernel.export-ready',
  async ({ payload: { person, askedBy }, services: { notifications } }) => {
    const own = person === askedBy;
    await notifications?.notify.send({
      kind: own ? 'privacy.own-export-ready' : 'privacy.export-ready',
      to: [askedBy],
      place: own ? '/mijn-gegevens' : `/beheer/privacy/personen/${person}`,
    });
  },
);
