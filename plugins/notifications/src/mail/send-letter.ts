import type { Config } from '../config.js';
import { type Outcome, type SmtpServer, sendBySmtp } from '../smtp.js';
import type { Message } from './message.js';

/** Sends one e-mail of the portal. Resolves whatever happens. */
export const sendLetter = (
  server: SmtpServer,
  config: Pick<Config, 'answerSeconds' | 'ca'>,
  { from, to, message: { attachments = [], ...message } }: { from: string; to: string; message: Message },
): Promise<Outcome> =>
  sendBySmtp(server, config, {
    ...{ from, to },
    message: {
      ...message,
      from: { name: 'i-Learn', address: from },
      attachments: attachments.map(({ name, type, content }) => ({ filename: name, contentType: type, content })),
    },
  });
