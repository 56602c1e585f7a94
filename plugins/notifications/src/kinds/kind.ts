import { z } from 'zod';
import { labelsIn } from './kind-texts.js';
import { letterContribution } from './letter.js';

/**
 * How a person learns of a notification. All but `off` show it in the portal; `now`, `daily` and `weekly` also send e-mail: at once, or in a
 * digest.
 */
export const channels = ['off', 'portal', 'now', 'daily', 'weekly'] as const;
export type Channel = (typeof channels)[number];

/**
 * One contribution to the point `notifications.kinds`: a kind of notification that the contributing plugin sends. Its texts are read when
 * the portal starts, so that a missing one is a fault of that plugin.
 */
export const kindContribution = z
  .strictObject({
    /** Lower-case words joined by hyphens. Notifications name it with the id of the plugin: `myway.path-given`. */
    name: z
      .string()
      .max(60)
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
    /** Folder with the plugin's `nl.json`, `en.json` and `fr.json`: `new URL('../messages/', import.meta.url)`. */
    messages: z.instanceof(URL),
    /**
     * Key of an object in these messages. `label` names the kind in the preferences and in e-mails. It has no placeholders, so that no
     * e-mail can name anybody. `text` (or `text_one` and `text_other`) is the sentence in the portal; its placeholders are the `params` of
     * the notification and `count`.
     */
    text: z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'must be the key of a message'),
    /** Page to which it leads, with `:name` parameters: `/mijn-paden/:assignmentId`. */
    place: z
      .string()
      .max(200)
      .regex(/^(\/:?[\w-]+)+$/, 'must be the path of a page, such as /mijn-paden/:assignmentId'),
    /** Who gets it: `signed-in`, or a permission. Only they see it in their preferences. */
    audience: z.string().max(100).default('signed-in'),
    /** The channel for people who have not chosen one. */
    channel: z.enum(channels).default('portal'),
    /** E-mails about it have files: the plugin handles `notifications.attachment-wanted` and adds them by `notifications.attachments`. */
    attachment: z.boolean().default(false),
  })
  .transform(({ messages, ...kind }, { addIssue }) => ({
    ...kind,
    labels: labelsIn(messages, kind.text, (message) => addIssue({ code: 'custom', path: ['text'], message })),
  }));

export const points = { kinds: kindContribution, letters: letterContribution };
