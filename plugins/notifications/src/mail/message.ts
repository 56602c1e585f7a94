import type { Language } from '@ilearn/core';
import type { Attachment } from '../exports.js';
import { htmlOf } from './html.js';
import { mailText } from './mail-texts.js';

/** What an e-mail tells: kinds of notification by their names, and how often. Nothing about anybody. */
export interface MailContent {
  id: string;
  language: Language;
  digest: boolean;
  lines: { label: string; count: number }[];
  /** Address of the portal, without a trailing slash. */
  portal: string;
  token: string;
}

export interface Message {
  attachments?: Attachment[];
  subject: string;
  text: string;
  html: string;
  messageId: string;
  headers: Record<string, string>;
}

export function messageOf({ id, language, digest, lines, portal, token }: MailContent): Message {
  const t = (key: string, values?: Record<string, string | number>) => mailText(language, key, values);
  const { host, hostname } = new URL(portal);
  const count = lines.reduce((sum, line) => sum + line.count, 0);
  const [only] = lines;
  const subject = lines.length === 1 && only !== undefined && count === 1 ? only.label : t('subject', { count });
  const parts = {
    language,
    subject,
    host,
    intro: t(digest ? 'digest' : 'intro', { count }),
    items: lines.map((line) => (line.count > 1 ? t('line', { label: line.label, times: line.count }) : line.label)),
    button: t('button'),
    inbox: `${portal}/meldingen`,
    why: t('why', { host }),
    preferences: t('preferences'),
    preferencesUrl: `${portal}/meldingen/voorkeuren`,
    stop: t('stop'),
    stopUrl: `${portal}/meldingen/afmelden?token=${token}`,
  };
  return {
    subject,
    text: [
      parts.intro,
      parts.items.map((item) => `- ${item}`).join('\n'),
      `${parts.button}:\n${parts.inbox}`,
      `-- \n${parts.why}\n${parts.preferences}: ${parts.preferencesUrl}\n${parts.stop}: ${parts.stopUrl}\n`,
    ].join('\n\n'),
    html: htmlOf(parts),
    // The same for each try, so that the recipient's server recognises an e-mail that was sent twice.
    messageId: `<${id}@${hostname}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
      'List-Unsubscribe': `<${portal}/api/notifications/unsubscribe?token=${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
}
