import type { Dependencies } from '../dependencies.js';

/**
 * Mails whose sender was not proven carry an address instead of an account, in the tickets and messages that came of them too. Runs before the
 * tables of mail are erased, which still know whose account the address is of. Others keep their part of the conversation.
 */
export async function eraseMails(knex: Dependencies['knex'], personId: string): Promise<void> {
  const theirs = () => knex('received_mails').where({ sender_id: personId });
  const addresses: string[] = await theirs().whereNot({ sender: '' }).distinct().pluck('sender');
  await knex('ticket_messages')
    .whereIn('mail_id', theirs().select('id'))
    .whereNull('author_id')
    .update({ text: '', author_email: '', author_name: '' });
  await knex('tickets')
    .whereNull('requester_id')
    .whereRaw('lower(requester_email) = any(?::text[])', [addresses])
    .update({ requester_email: '', requester_name: '', subject: '', device: '' });
  await knex('ticket_participants').whereRaw('lower(email) = any(?::text[])', [addresses]).delete();
  await knex('sent_mails').whereRaw('lower(address) = any(?::text[])', [addresses]).delete();
}
