import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { Attachment, Attachments } from '../exports.js';

/** For which the files are sealed. */
const purpose = 'attachments';
/** So long an e-mail waits for its files. */
export const waitSeconds = 120;
/** Later, the e-mail may be on its way without them. */
const lastSeconds = 100;
/** Notifications of one e-mail whose files are asked for. */
export const mostWanted = 20;
const mostBytes = 256 * 1024;

const given = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[\w-]{1,60}\.[a-z0-9]{1,8}$/, 'must be letters, digits, hyphens, a dot and an ending'),
      type: z.string().regex(/^[\w-]+\/[\w.+-]+(; [\w-]+=[\w-]+)*$/, 'must be a media type'),
      content: z.string(),
    }),
  )
  .max(mostWanted)
  .refine((files) => files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0) <= mostBytes, 'is over 256 KiB');

/** `notifications.attachments`: files that plugins add to e-mails about their notifications. Stored encrypted until the e-mail is sent. */
export class MailAttachments implements Attachments {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #jobs: Dependencies['jobs'];

  constructor({ knex, secrets, jobs }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#jobs = jobs;
  }

  async add(mail: string, kind: string, files: readonly Attachment[]): Promise<void> {
    const checked = given.safeParse(files);
    if (!checked.success) throw new Error(`${kind}: files ${checked.error.issues[0]?.message}`);
    const row: { files: Uint8Array | null; awaits: string[] } | undefined = await this.#knex('mails')
      .where({ id: mail, state: 'waiting' })
      .whereRaw('? = any(awaits)', [kind])
      .whereRaw('created_at > now() - make_interval(secs => ?)', [lastSeconds])
      .forUpdate()
      .first('files', 'awaits');
    if (row === undefined) return;
    const all = [...(await this.of(mail, row.files)), ...checked.data];
    const awaits = row.awaits.filter((each) => each !== kind);
    const sealed = all.length === 0 ? null : await this.#secrets.seal(purpose, mail, JSON.stringify(all));
    await this.#knex('mails').where({ id: mail }).update({ files: sealed, awaits });
    if (awaits.length === 0) await this.#jobs.enqueue('deliver', { mailId: mail });
  }

  /** The files of an e-mail that waits to be sent. */
  async of(mail: string, sealed: Uint8Array | null): Promise<Attachment[]> {
    const text = sealed === null ? null : await this.#secrets.open(purpose, mail, sealed);
    return text === null ? [] : JSON.parse(text);
  }
}
