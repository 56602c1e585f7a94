import { type Command, CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { identityOf } from './inbound/raw-mail.js';
import { senderIn, storeMail } from './inbound/store-mail.js';
import { limits } from './parsing/limits.js';

const command = commandFor<Cradle>();
/** sysexits.h: mail servers return the mail to its sender, or try again later. */
const EX_NOINPUT = 66;
const EX_TEMPFAIL = 75;

export const mailCommands: Command[] = [
  command({
    name: 'helpdesk receive',
    summary: 'Take one mail from the standard input, for a mail server that pipes mail to a command',
    options: { mailbox: { type: 'string', help: 'name of the mailbox; each takes a mail once (default: pipe)' } },
    async run({ options, store, work, print }) {
      const mailbox = String(options['mailbox'] ?? 'pipe');
      if (!/^[a-z0-9-]{1,40}$/.test(mailbox))
        throw new CommandError('The name of a mailbox has at most 40 lower-case letters, digits and hyphens.');
      const parts: Buffer[] = [];
      let bytes = 0;
      for await (const part of process.stdin as AsyncIterable<Buffer>) {
        bytes += part.byteLength;
        // Read to its end all the same: the mail server would otherwise report a broken pipe.
        if (bytes <= limits.mailBytes) parts.push(part);
      }
      if (bytes === 0) throw new CommandError('There is no mail on the standard input.', EX_NOINPUT);
      const raw = Buffer.concat(parts);
      const header = raw.subarray(0, 64 * 1024);
      try {
        const sender = senderIn(header);
        const stored = bytes > limits.mailBytes ? ({ upload: null, reason: 'too-large' } as const) : await storeMail(store, raw);
        const taken = { messageId: identityOf(header, raw), bytes, sender, ...stored };
        const kept = await work(async ({ intake, mailOutbox }) => {
          const id = await intake.keep(mailbox, taken);
          if (id !== null && stored.reason === 'too-large') await mailOutbox.refuseLarge(sender);
          return id;
        });
        print(kept === null ? 'known already' : 'taken');
        return 0;
      } catch (error) {
        print(`not taken, try again: ${(error as { code?: string }).code ?? (error as Error).name}`);
        return EX_TEMPFAIL;
      }
    },
  }),
];
