import { secretText } from '@ilearn/core';
import { z } from 'zod';

const host = () => z.string().trim().max(253).default('');
const user = () => z.string().max(200).default('');
const security = (usual: 'tls' | 'starttls') => z.enum(['starttls', 'tls', 'none']).default(usual);
const port = (usual: number) => z.int().min(1).max(65_535).default(usual);

/** The helpdesk's own mailbox, on the settings page of the portal. Without servers everything goes through the portal. */
export const mailSettings = {
  mailAddress: z.email().max(200).default(''),
  mailOtherAddresses: z.string().max(1_000).default(''),
  mailSmtpHost: host(),
  mailSmtpPort: port(587),
  mailSmtpSecurity: security('starttls'),
  mailSmtpUser: user(),
  mailSmtpPassword: secretText({ max: 500 }),
  mailImapHost: host(),
  mailImapPort: port(993),
  mailImapSecurity: security('tls'),
  mailImapUser: user(),
  mailImapPassword: secretText({ max: 500 }),
  mailImapFolder: z.string().trim().min(1).max(200).default('INBOX'),
  mailAuthenticationHost: host(),
};
