import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-notifications';
import type { Cradle } from '../cradle.js';
import { eventIn } from '../place.js';

/** E-mails about sign-ups carry the entry for the person's calendar, as it is when the e-mail is put together. */
export const onMails = {
  'notifications.attachment-wanted': handlerFor<Cradle>()(
    'notifications.attachment-wanted',
    async ({ payload: { mail, person, notifications: wanted }, services: { calendars, notifications } }) => {
      const mine = wanted.filter(({ kind }) => kind.startsWith('academy.'));
      const told = new Set<string>();
      for (const kind of new Set(mine.map((each) => each.kind))) {
        const files = [];
        for (const { place } of mine.filter((each) => each.kind === kind)) {
          const event = eventIn(place);
          // Of several notifications about an event, the first carries the entry.
          if (event === null || told.has(event)) continue;
          told.add(event);
          const file = await calendars.fileFor(person, event);
          if (file === null) continue;
          const type = `text/calendar; charset=utf-8; method=${file.method}`;
          files.push({ name: told.size === 1 ? 'vorming.ics' : `vorming-${told.size}.ics`, type, content: file.text });
        }
        await notifications?.attachments.add(mail, kind, files);
      }
    },
  ),
};
