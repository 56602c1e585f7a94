import { createHash } from 'node:crypto';
import { Problem } from '@ilearn/core';
import { languageCode } from '../activities/model.js';
import { type OwnActivities, ownSource } from '../activities/own-activities.js';
import type { Selections } from '../colleagues/selections.js';
import type { Dependencies } from '../dependencies.js';
import type { ActivityContent, ActivityRecord } from '../exports.js';
import { type Cartridge, type CartridgeItem, type Loss, readCartridge } from './read-cartridge.js';
import { CartridgeRefused } from './refused.js';

export interface ImportReport {
  title: string;
  /** In order. `kind` is null for an item of which nothing can be kept. */
  items: { title: string; folders: string[]; kind: ActivityContent['kind'] | null; known: boolean; lost: Loss[] }[];
  /** The collection that holds the activities; null if they were only looked at, or if nothing is kept. */
  selection: string | null;
}

interface Services extends Pick<Dependencies, 'knex' | 'principal' | 'directory'> {
  ownActivities: OwnActivities;
  selections: Selections;
}

/** Keeps what a Common Cartridge holds as activities of the teacher who imports it, in a collection with the title of the cartridge. */
export class CartridgeImport {
  readonly #services: Services;

  constructor({ knex, principal, directory, ownActivities, selections }: Services) {
    this.#services = { knex, principal, directory, ownActivities, selections };
  }

  /**
   * An item that was imported before stays as it is, because its teacher may have changed it.
   *
   * @param school of the caller
   * @throws Problem `library/cartridge-<refusal>` (422) if the file cannot be read; nothing is stored
   */
  async take(bytes: Uint8Array, school: string, dryRun: boolean): Promise<ImportReport> {
    const { knex, ownActivities, selections } = this.#services;
    const cartridge = await read(bytes);
    const sourceIds = cartridge.items.map((item) => sourceIdOf(cartridge, item));
    const known: string[] = await knex('activities')
      .where({ source: ownSource, school_id: school })
      .whereRaw('source_id = any(?::text[])', [sourceIds])
      .pluck('source_id');
    const title = cartridge.title.slice(0, 200) || 'Common Cartridge';
    const items = cartridge.items.map(({ title: name, folders, content, lost }, n) => ({
      ...{ title: name.slice(0, 300), folders, kind: content?.kind ?? null, lost },
      known: known.includes(sourceIds[n] as string),
    }));
    if (dryRun || items.every(({ kind }) => kind === null)) return { title, items, selection: null };
    const records = cartridge.items.flatMap((item, n) => {
      const sourceId = sourceIds[n] as string;
      // A cartridge may show one resource in several places.
      const again = known.includes(sourceId) || sourceIds.indexOf(sourceId) < n;
      return item.content === null || again ? [] : [recordOf(item, item.content, sourceId, cartridge)];
    });
    const wanted = sourceIds.filter((_, n) => items[n]?.kind !== null);
    const ids = await ownActivities.addAll(school, records, wanted);
    const selection = await selections.create({ title, word: '', school });
    for (const id of ids) await selections.put(selection, id, true);
    return { title, items, selection };
  }
}

async function read(bytes: Uint8Array): Promise<Cartridge> {
  try {
    return await readCartridge(bytes);
  } catch (error) {
    if (!(error instanceof CartridgeRefused)) throw error;
    throw new Problem({
      type: `library/cartridge-${error.refusal}`,
      status: 422,
      title: 'The file is no Common Cartridge that can be read',
      detail: error.refusal,
    });
  }
}

const sourceIdOf = ({ id }: Cartridge, item: CartridgeItem): string =>
  `cartridge:${createHash('sha256')
    .update(JSON.stringify([id, item.id]))
    .digest('hex')}`;

type Described = Omit<ActivityRecord, 'source' | 'school' | 'provider'>;

function recordOf(
  { title, folders }: CartridgeItem,
  content: ActivityContent,
  sourceId: string,
  cartridge: Cartridge,
): Described {
  const language = (cartridge.language ?? '').toLowerCase().slice(0, 2);
  return {
    sourceId,
    title: title.slice(0, 300),
    description: [cartridge.title, ...folders]
      .filter((part) => part !== '')
      .join(' › ')
      .slice(0, 5_000),
    language: languageCode.safeParse(language).success ? language : 'nl',
    ...{ minutes: null, ageFrom: null, ageTo: null, difficulty: null, teacherOnly: false, available: true },
    conceptUris: [],
    keywords: [],
    content,
  };
}
