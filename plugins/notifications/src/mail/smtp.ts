import type { z } from 'zod';
import type { Config } from '../config.js';
import type { settings } from '../settings.js';
import type { Message } from './message.js';

export type MailServer = z.output<typeof settings.portal>;

/**
 * What became of one try. `answer` is a code alone, since the words of a mail server may name the recipient.
 *
 * - `sent`: the mail server took it
 * - `bounced`: it refuses this address for good
 * - `refused`: it refuses this e-mail for good
 * - `later`: it may take it another time: it could not be reached, did not answer in time, refused to sign in, or said so
 */
export type Outcome = { outcome: 'sent' | 'bounced' | 'refused' | 'later'; answer: string };

/** Sends one e-mail by SMTP. Resolves whatever happens. */
export async function sendBySmtp(
  server: MailServer,
  { answerSeconds, ca }: Pick<Config, 'answerSeconds' | 'ca'>,
  { from, to, message: { attachments = [], ...message } }: { from: string; to: string; message: Message },
): Promise<Outcome> {
  const { host, port, security, user, password } = server;
  const limit = answerSeconds * 1_000;
  // Loaded when first needed, since it takes a tenth of a portal's start.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    ...{ host, port },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    ...{ connectionTimeout: limit, greetingTimeout: limit, socketTimeout: limit, dnsTimeout: limit },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      ...message,
      attachments: attachments.map(({ name, type, content }) => ({ filename: name, contentType: type, content })),
      from: { name: 'i-Learn', address: from },
      to: { name: '', address: to },
      // The addresses as they are: none is read out of a header.
      envelope: { from, to: [to] },
    });
    return { outcome: 'sent', answer: '250' };
  } catch (error) {
    return outcomeOf(error as SmtpError);
  } finally {
    transport.close();
  }
}

interface SmtpError extends Error {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** RFC 5321 section 4.2.1, RFC 3463. */
export function outcomeOf({ code = 'error', command, response = '', responseCode }: SmtpError): Outcome {
  if (responseCode === undefined) return { outcome: 'later', answer: code.slice(0, 30) };
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const answer = enhanced === undefined ? `${responseCode}` : `${responseCode} ${enhanced}`;
  if (responseCode < 500 || code === 'EAUTH' || code === 'ETLS') return { outcome: 'later', answer };
  const isAddress = command === 'RCPT TO' && !isOurs(enhanced);
  return { outcome: isAddress ? 'bounced' : 'refused', answer };
}

/** A policy against this portal (5.7), or a full mailbox (5.2.2), says nothing about the address. */
const isOurs = (enhanced: string | undefined): boolean =>
  enhanced !== undefined && (/^5\.7\./.test(enhanced) || enhanced === '5.2.2');
