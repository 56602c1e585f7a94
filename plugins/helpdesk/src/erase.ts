import type { Cradle } from './cradle.js';
import { eraseMails } from './mail/erase.js';

/** What a person asked is theirs, while a ticket itself stays for the others who take part: its subject and device are emptied. */
export async function erase({ personId, services: { knex } }: { personId: string; services: Cradle }): Promise<void> {
  await knex('tickets').where({ requester_id: personId }).update({ subject: '', device: '' });
  await eraseMails(knex, personId);
}
