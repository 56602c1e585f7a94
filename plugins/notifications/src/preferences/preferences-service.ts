import { type Language, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Channel } from '../kinds/kind.js';
import type { Kinds } from '../kinds/kinds.js';
import type { Addresses } from '../mail/addresses.js';
import { isLanguage } from '../mail/mail-texts.js';

export interface Preferences {
  kinds: { kind: string; label: string; audience: string; channel: Channel }[];
  /** False: no e-mail at all, whatever the channels say. */
  mails: boolean;
  language: Language;
  /** `HH:MM`; null: no quiet hours. */
  quiet: { from: string; to: string } | null;
  /** Whether the directory has an address, and whether it refused e-mail. */
  address: 'none' | 'known' | 'refused';
}

export type PreferencesChange = Pick<Preferences, 'mails' | 'language' | 'quiet'> & { channels: Record<string, Channel> };

/** The preferences of the signed-in person. */
export class PreferencesService {
  readonly #knex: Knex;
  readonly #kinds: Kinds;
  readonly #addresses: Addresses;
  readonly #personId: string | null;
  readonly #portal: Dependencies['portal'];

  constructor({ knex, kinds, addresses, principal, portal }: Dependencies & { kinds: Kinds; addresses: Addresses }) {
    this.#knex = knex;
    this.#kinds = kinds;
    this.#addresses = addresses;
    this.#personId = principal.kind === 'person' ? principal.id : null;
    this.#portal = portal;
  }

  async get(): Promise<Preferences> {
    const own = { person_id: this.#own };
    const row = await this.#knex('preferences')
      .where(own)
      .first('mails', 'language', {
        quiet_from: this.#knex.raw("to_char(quiet_from, 'HH24:MI')"),
        quiet_to: this.#knex.raw("to_char(quiet_to, 'HH24:MI')"),
      });
    const chosen: { kind: string; channel: Channel }[] = await this.#knex('choices').where(own).select('kind', 'channel');
    const channels = new Map(chosen.map(({ kind, channel }) => [kind, channel]));
    const language: unknown = row?.language ?? this.#portal.languages[0];
    const address = await this.#addresses.find(this.#own);
    return {
      kinds: this.#kinds.all().map(({ kind, plugin, text, audience, channel }) => ({
        ...{ kind, audience, label: `${plugin}:${text}.label` },
        channel: channels.get(kind) ?? channel,
      })),
      mails: row?.mails ?? true,
      language: isLanguage(language) ? language : 'nl',
      quiet: row === undefined || row.quiet_from === null ? null : { from: row.quiet_from, to: row.quiet_to },
      address: address === null ? 'none' : (await this.#addresses.hasRefused(this.#own, address)) ? 'refused' : 'known',
    };
  }

  /** Channels that are not named stay as they are. */
  async change({ channels, mails, language, quiet }: PreferencesChange): Promise<void> {
    const unknown = Object.keys(channels).find((kind) => this.#kinds.find(kind) === undefined);
    if (unknown !== undefined) {
      throw new Problem({
        type: 'notifications/unknown-kind',
        status: 400,
        title: 'Unknown kind',
        errors: [{ in: 'body', pointer: '/channels', message: 'No plugin in service sends one of these kinds.' }],
      });
    }
    const now = this.#knex.fn.now();
    const row = { mails, language, quiet_from: quiet?.from ?? null, quiet_to: quiet?.to ?? null, updated_at: now };
    await this.#knex('preferences')
      .insert({ person_id: this.#own, ...row })
      .onConflict('person_id')
      .merge();
    const chosen = Object.entries(channels).map(([kind, channel]) => ({ person_id: this.#own, kind, channel, updated_at: now }));
    if (chosen.length > 0) await this.#knex('choices').insert(chosen).onConflict(['person_id', 'kind']).merge();
  }

  /** Has e-mail sent to the person's address again, although it refused some. */
  async tryAddressAgain(): Promise<void> {
    await this.#addresses.forgetRefusal(this.#own);
  }

  /** Not only of the signed-in person: whoever has the link of an e-mail may stop them. */
  async stopMails(personId: string): Promise<void> {
    const row = { person_id: personId, mails: false, updated_at: this.#knex.fn.now() };
    await this.#knex('preferences').insert(row).onConflict('person_id').merge(['mails', 'updated_at']);
  }

  get #own(): string {
    if (this.#personId === null) throw new Error('only people have preferences');
    return this.#personId;
  }
}
