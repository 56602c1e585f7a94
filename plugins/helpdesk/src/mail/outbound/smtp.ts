import type { MailConfig } from '../config.js';
import type { OutgoingMessage } from './message.js';

export interface SmtpServer {
  host: string;
  port: number;
  security: 'starttls' | 'tls' | 'none';
  user: string;
  password: string;
}

/**
 * What became of one try; `answer` is a code alone, since the words of a mail server may name the recipient. `bounced`: the address is
 * refused for good; `refused`: the mail is; `later`: it may be taken another time.
 */
export interface Outcome {
  outcome: 'sent' | 'bounced' | 'refused' | 'later';
  answer: string;
}

/** Sends one mail by SMTP. Resolves whatever happens. */
export async function sendBySmtp(
  { host, port, security, user, password }: SmtpServer,
  { answerSeconds, ca }: MailConfig,
  { from, to, message }: { from: string; to: string; message: OutgoingMessage },
): Promise<Outcome> {
  const limit = answerSeconds * 1_000;
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
    // The envelope as it is: no address is read out of a header. Reports come back to the helpdesk, which mutes the address.
    await transport.sendMail({ ...message, to: { name: '', address: to }, envelope: { from, to: [to] } });
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

/** RFC 5321 section 4.2.1, RFC 3463. A policy (5.7) or a full mailbox (5.2.2) says nothing about the address. */
function outcomeOf({ code = 'error', command, response = '', responseCode }: SmtpError): Outcome {
  if (responseCode === undefined) return { outcome: 'later', answer: code.slice(0, 30) };
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const answer = enhanced === undefined ? `${responseCode}` : `${responseCode} ${enhanced}`;
  if (responseCode < 500 || code === 'EAUTH' || code === 'ETLS') return { outcome: 'later', answer };
  const isOurs = enhanced !== undefined && (enhanced.startsWith('5.7.') || enhanced === '5.2.2');
  return { outcome: command === 'RCPT TO' && !isOurs ? 'bounced' : 'refused', answer };
}
