import { fileURLToPath, pathToFileURL } from 'node:url';
import { definePlugin, type KernelCradle, type MayUse } from '@ilearn/core';
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
    'notifications.kinds': [kind('letter', { channel: 'now' }), kind('paper'), kind('report', { channel: 'daily' })],
  },
});
