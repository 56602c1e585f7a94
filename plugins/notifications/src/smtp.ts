/** `@ilearn/plugin-notifications/smtp`: sends e-mail by SMTP, for notifications and for plugins that write e-mails of their own. */

export interface SmtpServer {
  host: string;
  port: number;
  /** `tls`: from the start; `starttls`: before signing in, or not at all. */
  security: 'starttls' | 'tls' | 'none';
  /** Empty: without signing in. */
  user: string;
  password: string;
}

/** An e-mail without its recipient. */
export interface OutgoingMessage {
  from: { name: string; address: string };
  replyTo?: string;
  subject: string;
  text: string;
  html?: string;
  messageId: string;
  inReplyTo?: string;
  references?: string;
  headers: Record<string, string>;
  attachments: { filename: string; content: Buffer | string; contentType: string }[];
}

/**
 * What became of one try. `answer` is a code alone, since the words of a mail server may name the recipient.
 *
 * - `sent`: the mail server took it
 * - `bounced`: it refuses this address for good
 * - `refused`: it refuses this e-mail for good
 * - `later`: it may take it another time: it could not be reached, did not answer in time, refused to sign in, or said so
 */
export type Outcome = { outcome: 'sent' | 'bounced' | 'refused' | 'later'; answer: string };

/**
 * Sends one e-mail by SMTP. Resolves whatever happens.
 *
 * @param limits `answerSeconds`: longest wait for an answer; `ca`: certificates in PEM that are trusted in place of the usual ones
 * @param mail `from` and `to`: addresses of the envelope; the message has no recipient of its own
 */
export async function sendBySmtp(
  { host, port, security, user, password }: SmtpServer,
  { answerSeconds, ca }: { answerSeconds: number; ca?: string | undefined },
  { from, to, message }: { from: string; to: string; message: OutgoingMessage },
): Promise<Outcome> {
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
    // The addresses as they are: none is read out of a header.
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
