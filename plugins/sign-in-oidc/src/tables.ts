import type { TableDeclaration } from '@ilearn/core';

export const tables: Record<string, TableDeclaration> = {
  identities: {
    tenant: { none: 'An identity belongs to a person, who may be in several schools; only signing in and the person read it.' },
    people: { person_id: 'subject' },
    // Counted from the last sign-in, which updates the row.
    keep: 'P2Y',
    erase: 'delete',
    // The issuer may be another school's.
    export: 'whole',
    purpose: 'learning',
    use: 'recognising the account with which a person signs in elsewhere',
    restriction: { shown: 'Without it a restricted person could not sign in.' },
  },
  provider_sessions: {
    tenant: { none: 'It belongs to a session, which belongs to a person and not to a school.' },
    keep: { for: 'P1D', since: 'created_at' },
    withheld: { id_token: 'Sealed; it serves to sign out at the provider.' },
    purpose: 'learning',
    use: 'signing out here and at the provider together',
  },
  flows: {
    tenant: { none: 'Whoever signs in has no school yet.' },
    people: { person_id: 'subject' },
    keep: { for: 'P1D', since: 'created_at' },
    erase: 'delete',
    withheld: {
      state_hash: 'Of no use to anybody.',
      browser_hash: 'Of no use to anybody.',
      address_hash: 'A keyed hash, to limit how many sign-ins are under way from one address.',
      session_handle: 'A number that distinguishes sessions.',
      answer: 'A code of the provider that works once.',
    },
    purpose: 'learning',
    use: 'signing in at a provider, for ten minutes',
  },
  notices: { tenant: { none: 'Hashes of messages of providers, for some minutes; holds nothing about people.' } },
  school_providers: { tenant: 'school_id' },
  roster_keys: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'learning',
    use: 'recognising a person of the school at the first sign-in with an account of the school',
  },
  waiting: {
    tenant: 'school_id',
    keep: { for: 'P30D', since: 'created_at' },
    purpose: 'learning',
    use: 'letting the school say whose account it is',
    notPeople: {
      name: 'The name at the provider, until the school says which person it is; no person of the portal is known yet.',
    },
  },
};
