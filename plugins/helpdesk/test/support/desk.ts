import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, school, teacher } from '@ilearn/plugin-directory/testing';
import helpdesk from '@ilearn/plugin-helpdesk';
import notifications from '@ilearn/plugin-notifications';
import { cert, startMailServer } from '../../../notifications/test/mail-server.js';
import { identityOf } from '../../dist/mail/inbound/raw-mail.js';
import { storeMail } from '../../dist/mail/inbound/store-mail.js';
import { endParsing } from '../../dist/mail/parsing/parse-mail.js';

export const mailbox = 'helpdesk@portal.example';

export interface ReceivedRow {
  id: string;
  state: string;
  reason: string;
  ticket_id: string | null;
  side_id: string | null;
  [column: string]: unknown;
}

/** A portal with a helpdesk, a mail server that takes what it sends, and people. */
export async function createDesk(mail: Record<string, unknown> = {}, more: { uiFolder?: string } = {}) {
  const server = await startMailServer();
  const platform: TestPlatform = await createTestPlatform({
    plugins: [directory, notifications, helpdesk],
    config: {
      helpdesk: { mail: { answerSeconds: 2, idleSeconds: 0, pauseSeconds: 3_600, ca: cert, ...mail } },
      notifications: { gatherSeconds: 0, answerSeconds: 2 },
    },
    ...more,
  });
  const wissel = await school(platform);
  const agentId = '44444444-4444-4444-8444-444444444444';
  await platform.grant(agentId, [{ tenant: null, role: 'helpdesk-agent' }]);
  const agent = await platform.signIn(agentId, 'Hanne');

  const work = <T>(fn: (services: any) => Promise<T>) => platform.work('helpdesk', fn);
  const set = async (values: Record<string, unknown>): Promise<void> => {
    await platform.platform.runner.run({}, async () => {
      const { allSettings } = platform.platform;
      const sections = await allSettings.sections(null);
      const version = sections.find(({ plugin }) => plugin === 'helpdesk')?.version as number;
      await allSettings.change({ plugin: 'helpdesk', tenant: null, version, values, reset: [] } as never);
    });
  };
  await set({ mailAddress: mailbox, mailOtherAddresses: 'hulp@portal.example', mailAuthenticationHost: 'mx.portal.example' });

  /** Stores a mail as the pipe command does; null: it was known. */
  const take = async (raw: string | Buffer, box = 'pipe'): Promise<string | null> => {
    const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw);
    const storing = platform.platform.storing('helpdesk');
    try {
      const stored = await storeMail(storing.store as never, bytes);
      const messageId = identityOf(bytes.subarray(0, 65_536), bytes);
      return await work(({ intake }) => intake.keep(box, { messageId, bytes: bytes.length, sender: '', ...stored }));
    } finally {
      await storing.settle();
    }
  };
  const rowOf = (id: string): Promise<ReceivedRow> => work(({ knex }) => knex('received_mails').where({ id }).first());
  /** Takes a mail and waits until it has its place. */
  const receive = async (raw: string | Buffer, box?: string): Promise<ReceivedRow> => {
    const id = await take(raw, box);
    if (id === null) throw new Error('the mail was known');
    await platform.drain();
    return rowOf(id);
  };
  const messagesOf = (ticket: string | null): Promise<any[]> =>
    work(({ knex }) => knex('ticket_messages').where({ ticket_id: ticket }).orderBy(['created_at', 'id']));
  const ticketOf = (id: string | null): Promise<any> => work(({ knex }) => knex('tickets').where({ id }).first());
  const sentOf = (ticket: string | null): Promise<any[]> =>
    work(({ knex }) => knex('sent_mails').where({ ticket_id: ticket }).orderBy('created_at'));
  /** An answer of the helpdesk. */
  const answer = async (ticket: string, text: string, kind: 'public' | 'note' = 'public'): Promise<void> => {
    await work(({ ticketing }) =>
      ticketing.addMessage(ticket, {
        author: { personId: agentId, email: null, name: null },
        text,
        kind,
        channel: 'portal',
      }),
    );
    await platform.drain();
  };
  return {
    ...{ platform, server, wissel, agent, agentId, work, set, take, receive, rowOf, messagesOf, ticketOf, sentOf, answer },
    useServer: () =>
      set({ mailSmtpHost: '127.0.0.1', mailSmtpPort: server.port, mailSmtpUser: 'portal', mailSmtpPassword: 'a secret' }),
    person: async (email: string, given?: Record<string, string>): Promise<{ id: string; client: TestClient }> => {
      const { id } = await teacher(platform, wissel, { email, ...given });
      return { id, client: await platform.signIn(id) };
    },
    /** A provider of tools, with somebody who answers. */
    toolProvider: async (email: string) => {
      const made = await provider(platform, { kind: 'tool-provider' });
      const person = await providerPerson(platform, made, { roles: ['tool-manager'], email } as never);
      return { id: made.id, person };
    },
    stop: async (): Promise<void> => {
      await platform?.stop();
      await server?.stop();
      await endParsing();
    },
  };
}

export type Desk = Awaited<ReturnType<typeof createDesk>>;
/** What the operator's mail server writes about an authentic mail. */
export const authentic = (domain: string, result = 'pass'): string =>
  `Authentication-Results: mx.portal.example; dmarc=${result} header.from=${domain}`;
