import type { Headers } from '../headers.js';

export interface ParsedAttachment {
  name: string;
  /** As its sender says; not trusted. */
  type: string;
  bytes: Uint8Array;
}

/** What a report on an undelivered mail says (RFC 3464). */
export interface DeliveryReport {
  /** Message-IDs of this portal in it. */
  ids: string[];
  /** It will not be delivered; false for a delay or success. */
  failed: boolean;
  /** Enhanced status code: `5.1.1`. */
  status: string;
}

/** A mail, read and made safe. Texts are storable: well-formed Unicode without NUL. */
export interface ParsedMail {
  headers: Headers;
  from: { address: string; name: string } | null;
  messageId: string | null;
  subject: string;
  text: string;
  /** HTML that runs nothing and loads nothing; null if the mail has none, or too much. */
  html: string | null;
  attachments: ParsedAttachment[];
  report: DeliveryReport | null;
  /** It could not be read as a mail: `text` is the mail as it came. */
  raw: boolean;
}

/** A mail without its attachments, which are stored apart. */
export type MailContent = Omit<ParsedMail, 'attachments'>;

/** `quarantined`: reading it took too long, too much memory, or ended the thread. */
export type Parsing = { mail: ParsedMail } | { quarantined: 'too-slow' | 'too-much-memory' | 'crashed' };
