import type { ImapFlow as ImapClient } from 'imapflow';
import type { MailConfig } from '../config.js';
import { limits } from '../parsing/limits.js';

export interface ImapServer {
  host: string;
  port: number;
  security: 'starttls' | 'tls' | 'none';
  user: string;
  password: string;
  folder: string;
}

/** How far the mailbox was read: UIDs count only within one UIDVALIDITY (RFC 9051 section 2.3.1.1). */
export interface Position {
  uidValidity: string;
  lastUid: number;
}

/** A mail on the server. `raw` is null if it is too large: its header was read. */
export interface Fetched {
  uid: number;
  bytes: number;
  raw: Buffer | null;
  header: Buffer;
}

/** Fetches in parts, so that a full mailbox neither fills the memory nor takes all the time. */
const MAILS_A_CHECK = 20;
const HEADER_BYTES = 64 * 1024;

/**
 * Looks for mails after a position, and waits for new ones (IDLE, RFC 2177) if there are none. Each mail is handed over before the next one
 * is read. Nothing changes on the server: a position that is lost leads to mails that are known already.
 *
 * @returns the position after the last mail that was taken, and whether there may be more
 * @throws Error if the server cannot be reached, refuses or does not answer
 */
export async function checkMailbox(
  server: ImapServer,
  { answerSeconds, idleSeconds, ca }: MailConfig,
  before: Position,
  take: (mail: Fetched) => Promise<void>,
  signal: AbortSignal,
): Promise<{ position: Position; more: boolean }> {
  // Loaded when first needed: most portals have no mailbox.
  const { ImapFlow } = await import('imapflow');
  const limit = answerSeconds * 1_000;
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    ...(server.security === 'tls' ? {} : { doSTARTTLS: server.security === 'starttls' }),
    auth: { user: server.user, pass: server.password },
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: limit,
    greetingTimeout: limit,
    socketTimeout: limit + idleSeconds * 1_000,
    logger: false,
    disableAutoIdle: true,
  });
  // Whoever waits for an answer gets the error; without a listener it would end the process.
  client.on('error', () => {});
  const stop = () => client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    const lock = await client.getMailboxLock(server.folder, { readOnly: true });
    try {
      const first = await takeNew(client, before, take);
      if (first.more || first.position.lastUid !== before.lastUid || idleSeconds === 0) return first;
      await untilNew(client, idleSeconds * 1_000, signal);
      return await takeNew(client, first.position, take);
    } finally {
      lock.release();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.race([client.logout(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]).catch(() => {});
    client.close();
  }
}

async function takeNew(client: ImapClient, before: Position, take: (mail: Fetched) => Promise<void>) {
  // Tells the server to report what came meanwhile (RFC 9051 section 6.1.2).
  await client.noop();
  const { mailbox } = client;
  if (mailbox === false) throw new Error('the folder was closed');
  const uidValidity = String(mailbox.uidValidity);
  const position = { uidValidity, lastUid: before.uidValidity === uidValidity ? before.lastUid : 0 };
  if (mailbox.exists === 0) return { position, more: false };
  const range = `${position.lastUid + 1}:*`;
  const found: { uid: number; size: number }[] = [];
  // `n:*` also finds the last mail if n is beyond it.
  for await (const { uid, size = 0 } of client.fetch(range, { uid: true, size: true }, { uid: true })) {
    if (uid > position.lastUid) found.push({ uid, size });
  }
  found.sort((one, other) => one.uid - other.uid);
  for (const { uid, size } of found.slice(0, MAILS_A_CHECK)) {
    const isLarge = size > limits.mailBytes;
    const query = isLarge ? { headers: true } : { source: { maxLength: limits.mailBytes } };
    const mail = await client.fetchOne(`${uid}`, query, { uid: true });
    // Somebody deleted it meanwhile.
    if (mail !== false) {
      const raw = isLarge ? null : (mail.source ?? Buffer.alloc(0));
      await take({ uid, bytes: size, raw, header: (raw ?? mail.headers ?? Buffer.alloc(0)).subarray(0, HEADER_BYTES) });
    }
    position.lastUid = uid;
  }
  return { position, more: found.length > MAILS_A_CHECK };
}

/** Waits until the server tells of a mail, at most so long. */
async function untilNew(client: ImapClient, ms: number, signal: AbortSignal): Promise<void> {
  let wake = () => {};
  const told = new Promise<void>((resolve) => {
    wake = resolve;
  });
  client.once('exists', wake);
  client.once('close', wake);
  signal.addEventListener('abort', wake, { once: true });
  const timer = setTimeout(wake, ms);
  const idling = client.idle().catch(() => {});
  try {
    await told;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
    client.off('exists', wake);
    client.off('close', wake);
  }
  // The next command ends IDLE.
  if (client.usable)
    await Promise.race([client.noop().then(() => idling), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
}
