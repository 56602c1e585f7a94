import type { OutgoingMessage } from '@ilearn/plugin-notifications/smtp';
import { cappedReferences } from '../headers.js';
import { replyAddress } from '../tokens.js';

export interface OutgoingContent {
  /** Id of the outgoing mail. */
  id: string;
  /** Signed token of the thread; null for a mail that nobody answers. */
  token: string | null;
  /** Address of the helpdesk. */
  mailbox: string;
  name: string;
  number: number | null;
  subject: string;
  text: string;
  footer: string;
  /** No person wrote it, such as an acknowledgement. */
  automatic: boolean;
  /** Ids of the mails of this thread, oldest first. */
  thread: readonly string[];
  attachments: OutgoingMessage['attachments'];
}

/** The Message-ID of an outgoing mail; the same for each try. */
export const messageIdOf = ({ id, token, mailbox }: Pick<OutgoingContent, 'id' | 'token' | 'mailbox'>): string =>
  `<${token === null ? '' : `${token}.`}${id}@${mailbox.split('@').pop()}>`;

/** A mail in plain text: what a helper wrote, as written. */
export function messageOf(content: OutgoingContent): OutgoingMessage {
  const { token, mailbox, name, number, automatic, thread } = content;
  const subject = content.subject.replace(/\s*\[#\d{1,9}\]/g, '').replace(/^(?:(?:re|antw|tr|fw|fwd)\s*:\s*)+/i, '');
  const last = thread.at(-1);
  return {
    from: { name, address: mailbox },
    ...(token === null ? {} : { replyTo: replyAddress(mailbox, token) }),
    subject: number === null ? subject : `${last === undefined ? '' : 'Re: '}${subject} [#${number}]`,
    text: `${content.text.trimEnd()}\n\n-- \n${content.footer}\n`,
    messageId: messageIdOf(content),
    ...(last === undefined ? {} : { inReplyTo: last, references: cappedReferences(thread) }),
    headers: {
      // RFC 3834 section 5: other programs do not answer it.
      'Auto-Submitted': automatic ? 'auto-replied' : 'auto-generated',
      'X-Auto-Response-Suppress': automatic ? 'All' : 'OOF, AutoReply',
    },
    attachments: content.attachments,
  };
}
