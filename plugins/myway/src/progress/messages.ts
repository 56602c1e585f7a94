import type { z } from 'zod';
import { messageSent } from '../assignments/notification-kinds.js';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { unacceptable } from '../problems.js';
import type { newMessage } from './model.js';

/** Messages that a pupil sees of one path. */
export const mostMessages = 20;

/** What teachers write to pupils about a path, in the portal. */
export class Messages {
  private readonly knex;
  private readonly principal;
  private readonly assignments;
  private readonly notifications;
  private readonly live;

  constructor({ knex, principal, assignments, notifications, live }: Dependencies & { assignments: Assignments }) {
    this.knex = knex;
    this.principal = principal;
    this.assignments = assignments;
    this.notifications = notifications;
    this.live = live;
  }

  /** @throws 404 unless the caller follows the assignment, 422 if somebody does not have it */
  async send(assignmentId: string, { pupilIds, text }: z.output<typeof newMessage>): Promise<void> {
    const row = await this.assignments.followed(assignmentId);
    const known = new Set((await this.assignments.pupilsOf(row)).map(({ id }) => id));
    pupilIds.forEach((id, index) => {
      if (!known.has(id)) throw unacceptable('pupil-unknown', `/pupilIds/${index}`, 'This pupil does not have the path.');
    });
    const to = [...new Set(pupilIds)];
    const message = { assignment_id: row.id, school_id: row.school_id, sender_id: this.principal.id, text };
    await this.knex('messages').insert(to.map((pupil) => ({ ...message, pupil_id: pupil })));
    const { row: path } = await this.assignments.shapeOf(row);
    await this.notifications?.notify.send({
      kind: messageSent,
      to,
      place: `/mijn-paden/${row.id}`,
      params: { title: path.title },
    });
    for (const pupilId of to) await this.live.publish('trail', { assignmentId: row.id, pupilId }, { kind: 'result' });
  }

  /** The principal's own, newest first. */
  async mine(assignmentId: string): Promise<{ id: string; text: string; at: string }[]> {
    const rows: { id: string; text: string; created_at: Date }[] = await this.knex('messages')
      .where({ assignment_id: assignmentId, pupil_id: this.principal.id })
      .orderByRaw('created_at desc, id')
      .limit(mostMessages)
      .select('id', 'text', 'created_at');
    return rows.map(({ id, text, created_at }) => ({ id, text, at: created_at.toISOString() }));
  }
}
