import { fileURLToPath, pathToFileURL } from 'node:url';
import { definePlugin, handlerFor, type KernelCradle, type MayUse } from '@ilearn/core';
import type {} from '@ilearn/plugin-notifications';

/** Messages of the plugin `office`. */
export const officeMessages = pathToFileURL(fileURLToPath(new URL('./office-messages/', import.meta.url)));

const kind = (name: string, more: object = {}) => ({
  name,
  messages: officeMessages,
  text: `told.${name}`,
  place: '/kantoor/:id',
  ...more,
});

class Sender {
  readonly #notifications;
  constructor({ notifications }: KernelCradle & MayUse<'notifications'>) {
    this.#notifications = notifications;
  }
  get notify() {
    return this.#notifications?.notify;
  }
}

/** A plugin that notifies. */
export const office = definePlugin({
  id: 'office',
  version: '1.0.0',
  optional: { notifications: '^0.1.0' },
  // Sets the mail server, as the settings page does.
  privileges: ['allSettings'],
  services: { sender: Sender },
  contributes: {
    'notifications.kinds': [
      kind('letter', { channel: 'now' }),
      kind('paper'),
      kind('report', { channel: 'daily' }),
      kind('parcel', { channel: 'now', attachment: true }),
    ],
  },
  on: {
    // Says nothing about places that end with `silent`.
    'notifications.attachment-wanted': handlerFor<KernelCradle & MayUse<'notifications'>>()(
      'notifications.attachment-wanted',
      async ({ payload: { mail, notifications: wanted }, services: { notifications } }) => {
        if (wanted.some(({ place }) => place.endsWith('silent'))) return;
        const files = wanted.map(({ place }) => ({
          name: 'pakje.txt',
          type: 'text/plain; charset=utf-8',
          content: `In ${place}: één`,
        }));
        await notifications?.attachments.add(mail, 'office.parcel', files);
      },
    ),
  },
});
