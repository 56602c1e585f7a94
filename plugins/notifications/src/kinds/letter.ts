import { type Language, languages } from '@ilearn/core';
import { z } from 'zod';
import { textsAt } from './kind-texts.js';

const parts = ['subject', 'text', 'button', 'why'] as const;

/** The texts of a letter in one language. */
export type LetterTexts = Record<(typeof parts)[number], string>;

/**
 * One contribution to the point `notifications.letters`: an e-mail to one person that is not a notification, such as an invitation. It is
 * sent whatever the person prefers, so it is for what somebody must get. Its texts are read when the portal starts.
 */
export const letterContribution = z
  .strictObject({
    /** Lower-case words joined by hyphens. Senders name it with the id of the plugin: `login.invitation`. */
    name: z
      .string()
      .max(60)
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
    /** Folder with the plugin's `nl.json`, `en.json` and `fr.json`. */
    messages: z.instanceof(URL),
    /**
     * Key of an object in these messages: `subject` (without placeholders, it also names the letter in the outbox), `text`, `button` (the
     * link) and `why` (why the person gets it). The placeholders of the others are the `params` of the letter and `host`.
     */
    text: z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'must be the key of a message'),
  })
  .transform(({ messages, ...letter }, { addIssue }) => {
    const report = (message: string) => addIssue({ code: 'custom', path: ['text'], message });
    const texts = textsAt(messages, letter.text, report);
    const read = languages.map((language) => {
      const file = `${language}.json`;
      const found = texts[language];
      for (const part of parts) {
        if (typeof found[part] !== 'string' || found[part] === '') report(`${letter.text}.${part} is missing in ${file}`);
      }
      if (String(found['subject']).includes('{{')) report(`${letter.text}.subject in ${file} has a placeholder`);
      return [language, Object.fromEntries(parts.map((part) => [part, String(found[part])]))];
    });
    return { ...letter, texts: Object.fromEntries(read) as Record<Language, LetterTexts> };
  });
