import type { TableDeclaration } from '@ilearn/core';

/** What belongs to an account and ends with it. */
const ofAccount: TableDeclaration = {
  tenant: { none: 'An account belongs to a person, who may be in several schools; only signing in reads it.' },
  people: { person_id: 'subject' },
  keep: { with: 'accounts' },
  erase: 'delete',
  // No school has to do with the devices of a person.
  export: 'whole',
  purpose: 'learning',
  use: 'signing in',
  restriction: { shown: 'Without it a restricted person could not sign in.' },
};

export const tables: Record<string, TableDeclaration> = {
  accounts: {
    tenant: { none: 'An account belongs to a person, who may be in several schools; only signing in reads it.' },
    people: { person_id: 'subject' },
    // Counted from the last sign-in, which updates the row.
    keep: 'P2Y',
    erase: 'delete',
    withheld: { password_hash: 'Whoever holds the file could guess the password with it.' },
    purpose: 'learning',
    use: 'signing in',
  },
  temporary_accounts: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: { with: 'accounts' },
    erase: 'delete',
    purpose: 'learning',
    use: 'signing in',
    restriction: { shown: 'Without it a restricted person could not sign in.' },
  },
  invitations: {
    tenant: 'provider_id',
    people: { person_id: 'subject', invited_by: 'author' },
    // As long as the waiting list keeps a school that is joining.
    keep: { for: 'P1Y', since: 'expires_at' },
    erase: { person_id: 'delete', invited_by: 'anonymise' },
    withheld: { token_hash: 'Of no use to anybody.' },
    purpose: 'safe-environment',
    use: 'letting people of a provider, and the first people of a school, make their account',
  },
  throttles: { tenant: { none: 'Counts failed attempts by a keyed hash for some hours; holds no name and no address.' } },

  passkeys: {
    ...ofAccount,
    withheld: {
      credential_id: 'Names the passkey to the device that holds it.',
      public_key: 'Of no use to anybody but this portal.',
      counter: 'Of no use to anybody but this portal.',
    },
  },
  authenticator_apps: {
    ...ofAccount,
    withheld: { secret: 'Whoever holds it could make the codes.' },
  },
  recovery_codes: { ...ofAccount, withheld: { code_hash: 'Of no use to anybody.' } },
  factor_periods: ofAccount,
  badges: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: { for: 'P1Y', since: 'made_at' },
    erase: 'delete',
    withheld: {
      secret_hash: 'Of no use to anybody.',
      short_hash: 'Of no use to anybody.',
      pictures_hash: 'Whoever holds the file could guess the pictures with it.',
    },
    purpose: 'learning',
    use: 'signing in of young children',
    restriction: { shown: 'Without it a restricted person could not sign in.' },
  },
  badge_windows: { tenant: 'school_id' },
  used_once: { tenant: { none: 'Keyed hashes of secrets that were used, so that none is used twice; names nobody.' } },
};
