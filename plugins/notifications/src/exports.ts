/** What other plugins may use of notifications (`optional: { notifications: '^0.1.0' }`). */

import type { Language } from '@ilearn/core';

export interface Notification {
  /** A kind that the plugin contributes to `notifications.kinds`. */
  kind: string;
  /** Ids of at most 1,000 people. People who chose not to get the kind are left out. */
  to: readonly string[];
  /** Path of the page to open; it must fit the `place` of the kind. */
  place: string;
  /**
   * At most ten placeholders of the text, each at most 200 characters: titles, numbers, dates. Neither names nor results of people: the
   * erasure of somebody else does not reach them here.
   */
  params?: Readonly<Record<string, string | number>>;
}

/** `notifications.notify` */
export interface Notify {
  /**
   * Notifies people when the current unit of work commits. If somebody has an unread notification of the same kind and place, that one is
   * renewed and counted up instead.
   *
   * @throws Error if no plugin contributes the kind, or something does not fit it
   */
  send(notification: Notification): Promise<void>;
}

export interface Letter {
  /** A letter that the plugin contributes to `notifications.letters`. */
  letter: string;
  /** Id of the person; the letter goes to their address in the directory at the time of sending. */
  to: string;
  /** Path of the page that its button opens. It may hold a secret, behind `#`: it is stored encrypted until the letter is sent. */
  path: string;
  /** After this the letter is not sent any more. */
  until: Date;
  /** Placeholders of the texts: titles, numbers, dates; no names of people. */
  params?: Readonly<Record<string, string | number>>;
}

/** A letter to somebody without an account. */
export interface AddressedLetter extends Omit<Letter, 'to'> {
  /** E-mail address, stored encrypted until the letter is sent. */
  address: string;
  language: Language;
}

/**
 * `waiting` to be sent, or tried again; `held`: there is no mail server; `sent`; `failed` after the last try; `bounced`: the address refuses
 * e-mail; `refused`: the e-mail was refused; `dropped`: withdrawn, too late, or without an address.
 */
export type LetterState = 'waiting' | 'held' | 'failed' | 'bounced' | 'refused' | 'dropped' | 'sent';

/** `notifications.letters`: e-mails to one person that are not notifications, whatever the person prefers. */
export interface Letters {
  /**
   * Sends a letter when the current unit of work commits; returns its id. At most `mailsPerHour` go to one person or address in an hour: a
   * further one waits.
   *
   * @throws Error if no plugin contributes the letter, or something does not fit it
   */
  send(letter: Letter): Promise<string>;
  /** The same to an address, for somebody who has no account (yet). The directory is not asked, and a refusal is not remembered. */
  sendTo(letter: AddressedLetter): Promise<string>;
  /** By id; those that are not kept any more are left out. */
  statesOf(ids: readonly string[]): Promise<Record<string, LetterState>>;
  /** Stops those of these letters that wait from being sent. */
  withdraw(ids: readonly string[]): Promise<void>;
}

/** A file of an e-mail. */
export interface Attachment {
  /** `vorming.ics` */
  name: string;
  /** Media type: `text/calendar; charset=utf-8; method=REQUEST`. */
  type: string;
  /** Text in UTF-8. */
  content: string;
}

/** `notifications.attachments`: files for e-mails about notifications whose kind has `attachment: true`. */
export interface Attachments {
  /**
   * Adds files to an e-mail for which `notifications.attachment-wanted` was published, at most 256 KiB; none is an answer too. The e-mail
   * leaves when all its kinds have answered, else after two minutes without what is missing; an answer that comes too late is ignored.
   *
   * @param kind whose notification the files are about
   */
  add(mail: string, kind: string, files: readonly Attachment[]): Promise<void>;
}

export interface NotificationsExports {
  notify: Notify;
  attachments: Attachments;
  letters: Letters;
}
