import type { Language } from '@ilearn/core';
import type { LetterTexts } from '../kinds/letter.js';
import { htmlOf } from './html.js';
import type { Message } from './message.js';

export interface LetterContent {
  id: string;
  language: Language;
  texts: LetterTexts;
  params: Readonly<Record<string, string | number>>;
  /** Address of the portal, without a trailing slash. */
  portal: string;
  /** Path of the page that the button opens. */
  path: string;
}

export function letterMessage({ id, language, texts, params, portal, path }: LetterContent): Message {
  const { host, hostname } = new URL(portal);
  const fill = (text: string) =>
    text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => (name === 'host' ? host : String(params[name] ?? '')));
  const { subject } = texts;
  const link = `${portal}${path}`;
  const [intro, button, why] = [fill(texts.text), fill(texts.button), fill(texts.why)];
  return {
    subject,
    text: [intro, `${button}:\n${link}`, `-- \n${why}\n`].join('\n\n'),
    html: htmlOf({ language, subject, host, intro, items: [], button, inbox: link, why }),
    messageId: `<${id}@${hostname}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
    },
  };
}
