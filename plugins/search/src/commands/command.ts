import { languages } from '@ilearn/core';
import { z } from 'zod';
import { labelsIn } from '../sources/source.js';

const messages = z.instanceof(URL);
const key = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'must be the key of a message');
const path = z
  .string()
  .max(200)
  .regex(/^\/(?!\/)[\w/:.~-]*(\?[\w=&.~%-]*)?$/, 'must be the path of a page of the portal, such as /paden/nieuw');

/**
 * One contribution to the point `search.commands`: something that people do, found in the search dialog by the words of its label. It leads to
 * a page; whoever may not open that page, or lacks the permission, does not see it.
 */
export const commandContribution = z
  .strictObject({
    /** Lower-case words joined by hyphens: `new-path`. */
    kind: z
      .string()
      .max(60)
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
    /** Folder with the plugin's `nl.json`, `en.json` and `fr.json`. */
    messages,
    /** Key of the command's name: what it does, such as “Maak een leerpad”. */
    label: key,
    /** Key of further words by which it is found. */
    words: key.optional(),
    /** Name of an icon: docs/ui.md. */
    icon: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the name of an icon'),
    /** A permission of the plugin, or `signed-in`. */
    permission: z.string().max(100),
    /** Path of the page to which it leads. */
    place: path,
    /** `true`: adds the current page to the address, as links to help do. */
    aboutPage: z.literal(true).optional(),
    /** Commands are shown in ascending order. */
    order: z.int().min(0).max(1_000).default(100),
  })
  .transform(({ messages, label, words, ...command }, { addIssue }) => ({
    ...command,
    labels: labelsIn(messages, label, (message) => addIssue({ code: 'custom', path: ['label'], message })),
    words:
      words === undefined ? null : labelsIn(messages, words, (message) => addIssue({ code: 'custom', path: ['words'], message })),
  }));

/** One contribution to the point `search.shortcuts`: a key that a page of the plugin knows, for the overview that `?` opens. */
export const shortcutContribution = z
  .strictObject({
    messages,
    /** Key of what it does. */
    label: key,
    /** Keys that are pressed together, by their names in `KeyboardEvent.key`: `['Control', 'z']`. */
    keys: z
      .array(z.string().regex(/^([A-Za-z0-9]{1,20}|[!-~])$/, 'must be the name of a key'))
      .min(1)
      .max(4),
    /** Path of the page, with `:name` parameters. */
    page: path,
    permission: z.string().max(100),
    order: z.int().min(0).max(1_000).default(100),
  })
  .transform(({ messages, label, ...shortcut }, { addIssue }) => ({
    ...shortcut,
    labels: labelsIn(messages, label, (message) => addIssue({ code: 'custom', path: ['label'], message })),
  }));

export const labelsSchema = z.object(
  Object.fromEntries(languages.map((language) => [language, z.string()])) as Record<(typeof languages)[number], z.ZodString>,
);
