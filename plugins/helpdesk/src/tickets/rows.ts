import type { z } from 'zod';
import type { Ticket, TicketMessage } from '../models.js';
import type { Attached } from './attachments.js';
import type { Names } from './names.js';
import type { Part } from './parts.js';
import type { message, summary } from './shapes.js';

/** Rows as the routes answer them. */

/** Who must act now, as the reader would say it. */
function turnOf({ state, line }: Ticket, part: Part): z.input<typeof summary>['turn'] {
  if (state === 'solved') return part === 'agent' ? 'nobody' : 'you';
  if (state === 'closed' || state === 'merged' || state === 'spam') return 'nobody';
  if (state === 'waiting_provider') return 'provider';
  const waits = state === 'waiting_requester';
  if (waits) return part === 'agent' ? 'nobody' : 'you';
  if (line === 'teacher') return part === 'participant' ? 'you' : 'teacher';
  return part === 'agent' ? 'you' : 'helpdesk';
}

export const summaryOf = (row: Ticket, part: Part, names: Names, showsPeople: boolean): z.input<typeof summary> => ({
  id: row.id,
  number: Number(row.number),
  subject: row.subject,
  state: row.state,
  turn: turnOf(row, part),
  line: row.line,
  priority: row.priority,
  labels: row.labels,
  toolKey: row.tool_key,
  school: names.school(row.school_id),
  requester: showsPeople ? (names.person(row.requester_id) ?? (row.requester_name || row.requester_email || null)) : null,
  owner: names.person(row.owner_id),
  messages: row.messages,
  attachments: row.attachments,
  lastBy: row.last_by,
  lastAt: row.last_at,
  dueAt: row.due_at,
  createdAt: row.created_at,
});

export const messageOf = (
  row: TicketMessage,
  reader: string | null,
  names: Names,
  files: readonly Attached[],
  showsPeople: boolean,
): z.input<typeof message> => ({
  id: row.id,
  kind: row.kind,
  part: row.part,
  author:
    showsPeople || row.part !== 'requester'
      ? (names.person(row.author_id) ?? (row.author_name || row.author_email || null))
      : null,
  mine: row.author_id !== null && row.author_id === reader,
  channel: row.channel,
  mail: row.mail_id,
  automatic: row.automatic,
  fromNumber: row.from_number === null ? null : Number(row.from_number),
  text: row.text,
  at: row.created_at,
  files: files.filter(({ messageId }) => messageId === row.id).map(({ id, name, bytes }) => ({ id, name, bytes: Number(bytes) })),
});
