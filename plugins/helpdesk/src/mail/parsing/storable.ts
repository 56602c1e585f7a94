import { withoutUnstorable } from '@ilearn/core';
import { limits } from './limits.js';
import type { ParsedMail } from './parsed.js';

/** A mail whose texts the database takes, and that are no longer than anybody reads. */
export function storable(mail: ParsedMail): ParsedMail {
  const safe = (text: string, most: number) => withoutUnstorable(text.slice(0, most));
  return {
    ...mail,
    headers: mail.headers.map(([key, value]) => [safe(key, 200), safe(value, 100_000)] as const),
    from:
      mail.from === null
        ? null
        : {
            address: safe(mail.from.address, 254),
            name: safe(mail.from.name, 200)
              .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
              .trim(),
          },
    messageId: mail.messageId === null ? null : safe(mail.messageId, 2_000),
    subject: safe(mail.subject, 2_000)
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, 300),
    text: safe(mail.text, limits.textCharacters),
    html: mail.html === null ? null : safe(mail.html, 8 * 1024 * 1024),
    attachments: mail.attachments.map((each) => ({ ...each, name: safe(each.name, 500), type: safe(each.type, 200) })),
  };
}
