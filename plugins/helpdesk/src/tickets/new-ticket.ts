import type { Ticket } from '../models.js';

/** Whoever writes. `email` and `name` are only of people without an account. */
export interface Author {
  personId: string | null;
  email: string | null;
  name: string | null;
}

export interface NewTicket {
  subject: string;
  text: string;
  channel: 'portal' | 'form' | 'mail';
  author: Author;
  schoolId: string | null;
  providerId?: string | null;
  toolKey?: string | null;
  /** Code of a failed launch: its trace is kept with the ticket. */
  traceCode?: string | null;
  device?: string | null;
  /** Ids of kept files. */
  files?: readonly string[];
  mailId?: string | null;
  outageId?: string | null;
  /** An automatic mail. */
  automatic?: boolean;
  /** With whom it is first; default: the portal's helpdesk. */
  line?: Ticket['line'];
}

export interface NewMessage {
  author: Author;
  text: string;
  kind: 'public' | 'note' | 'side';
  sideId?: string | null;
  channel: 'portal' | 'mail';
  mailId?: string | null;
  files?: readonly string[];
  /** Changes neither state, owner nor clock. */
  automatic?: boolean;
}
