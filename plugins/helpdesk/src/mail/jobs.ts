import { jobFor, Problem, systemPrincipal } from '@ilearn/core';
import { sendBySmtp } from '@ilearn/plugin-notifications/smtp';
import type { Cradle } from '../cradle.js';
import { checkMailbox, type Position } from './inbound/imap.js';
import type { ReadMail } from './inbound/inbound.js';
import { mainMailbox, type Taken } from './inbound/intake.js';
import { identityOf, unpacked } from './inbound/raw-mail.js';
import { senderIn, storeAttachments, storeMail } from './inbound/store-mail.js';
import { mailboxOf } from './mailbox-settings.js';
import { asSystem, type Delivered } from './outbound/delivery.js';
import { limits } from './parsing/limits.js';
import { parseMail } from './parsing/parse-mail.js';
import { mailPayloads } from './payloads.js';

const job = jobFor<Cradle>();
/** A mail that failed so often is put aside. */
const mostTries = 4;

type Check = { position: Position; more: boolean; taken: Taken[] } | { failure: string };

export const mailJobs = {
  /** Reads the mailbox, waits in it for new mail, and enqueues the next check. The schedule is for when that chain was broken. */
  'check-mailbox': job({
    payload: mailPayloads['check-mailbox'],
    schedule: '*/5 * * * *',
    timeZone: 'UTC',
    retries: 0,
    outside: {
      seconds: 900,
      atOnce: 1,
      call: async ({ read, store, message: { signal } }): Promise<Check | null> => {
        const { server, config, before } = await read(async ({ settings, config: all, intake }) => ({
          server: (await mailboxOf(settings)).imap,
          config: all.mail,
          before: await intake.position(mainMailbox),
        }));
        if (server === null) return null;
        const taken: Taken[] = [];
        try {
          const found = await checkMailbox(
            server,
            config,
            before,
            async ({ bytes, raw, header }) => {
              const messageId = identityOf(header, raw ?? header);
              if (await read(({ intake }) => intake.knows(mainMailbox, messageId))) return;
              const sender = senderIn(header);
              if (raw === null) taken.push({ messageId, bytes, upload: null, reason: 'too-large', sender });
              else taken.push({ messageId, bytes: raw.byteLength, sender, ...(await storeMail(store, raw)) });
            },
            signal,
          );
          return { ...found, taken };
        } catch (error) {
          if (error instanceof Problem) throw error;
          const { serverResponseCode, code, name } = error as Error & { code?: string; serverResponseCode?: string };
          return { failure: String(serverResponseCode ?? code ?? name).slice(0, 40) };
        }
      },
    },
    handler: async ({ result, services: { intake, mailOutbox, jobs, config } }) => {
      if (result === null) return;
      const next = (delaySeconds: number) =>
        jobs.enqueue('check-mailbox', {}, { delaySeconds, uniqueKey: `after ${delaySeconds}` });
      if ('failure' in result) {
        await intake.failed(mainMailbox, result.failure);
        await next(config.mail.pauseSeconds);
        return;
      }
      for (const each of result.taken) {
        const kept = await intake.keep(mainMailbox, each);
        if (kept !== null && each.reason === 'too-large') await mailOutbox.refuseLarge(each.sender);
      }
      await intake.checked(mainMailbox, result.position);
      await next(result.more ? 0 : config.mail.pauseSeconds);
    },
  }),
  /** Notices a mailbox that has gone silent. */
  'watch-mailbox': job({
    payload: mailPayloads['watch-mailbox'],
    schedule: '*/5 * * * *',
    timeZone: 'UTC',
    handler: ({ services: { mailboxWatch } }) => mailboxWatch.look(),
  }),
  /** Reads one stored mail in a thread of its own, and gives it its place. */
  'read-mail': job({
    payload: mailPayloads['read-mail'],
    retries: mostTries + 2,
    outside: {
      seconds: 180,
      call: async ({ payload: { mailId }, read, store, message: { attempt } }): Promise<ReadMail | null> => {
        const waiting = await read(({ inbound }) => inbound.waiting(mailId));
        if (waiting === null) return null;
        if (attempt > mostTries || waiting.rawId === null) return { quarantined: 'failed' };
        const file = await read(({ files }) => files.bytes('raw_mails', waiting.rawId as string));
        const parsing = await parseMail(await unpacked(file, limits.mailBytes + 1));
        if ('quarantined' in parsing) return parsing;
        const { attachments, ...mail } = parsing.mail;
        return { mail, ...(await storeAttachments(store, attachments)) };
      },
    },
    handler: async ({ payload: { mailId }, result, services: { actAs } }) => {
      if (result !== null) await actAs(systemPrincipal(), ({ inbound }: Cradle) => inbound.settle(mailId, result));
    },
  }),
  'send-mail': job({
    payload: mailPayloads['send-mail'],
    outside: {
      seconds: 300,
      call: async ({ payload: { mailId }, read }): Promise<Delivered | null> => {
        const letter = await read((services) => asSystem(services, (delivery) => delivery.letter(mailId)));
        if (letter === null || 'outcome' in letter) return letter;
        const attachments = [];
        for (const { name, type, bytes } of letter.files) {
          const parts: Uint8Array[] = [];
          for await (const part of bytes) parts.push(part);
          attachments.push({ filename: name, contentType: type, content: Buffer.concat(parts) });
        }
        return sendBySmtp(letter.server, letter.config, { ...letter, message: { ...letter.message, attachments } });
      },
    },
    handler: async ({ payload: { mailId }, result, services }) => {
      if (result !== null) await asSystem(services, (delivery) => delivery.record(mailId, result));
    },
  }),
};
