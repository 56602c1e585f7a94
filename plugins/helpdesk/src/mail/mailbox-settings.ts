import type { SmtpServer } from '@ilearn/plugin-notifications/smtp';
import type { Dependencies } from '../dependencies.js';
import { isAddress } from './addresses.js';
import type { ImapServer } from './inbound/imap.js';

/** The helpdesk's mailbox as the settings have it. */
export interface Mailbox {
  /** Address from which it writes; empty: none is set. */
  address: string;
  /** All its addresses: nothing is sent to them. */
  own: string[];
  /** Null: mails are held. */
  smtp: SmtpServer | null;
  /** Null: no mailbox is read. */
  imap: ImapServer | null;
  /** With this name the operator's mail server signs Authentication-Results. */
  authenticationHost: string;
}

export async function mailboxOf(settings: Dependencies['settings']): Promise<Mailbox> {
  const s = await settings.portal();
  const { mailAddress: address } = s;
  const others = s.mailOtherAddresses.split(/[\s,;]+/).filter(isAddress);
  const smtp = {
    ...{ host: s.mailSmtpHost, port: s.mailSmtpPort, security: s.mailSmtpSecurity },
    ...{ user: s.mailSmtpUser, password: s.mailSmtpPassword },
  };
  const imap = {
    ...{ host: s.mailImapHost, port: s.mailImapPort, security: s.mailImapSecurity },
    ...{ user: s.mailImapUser, password: s.mailImapPassword, folder: s.mailImapFolder },
  };
  return {
    address,
    own: address === '' ? others : [address, ...others],
    smtp: smtp.host === '' || address === '' ? null : smtp,
    imap: imap.host === '' ? null : imap,
    authenticationHost: s.mailAuthenticationHost,
  };
}
