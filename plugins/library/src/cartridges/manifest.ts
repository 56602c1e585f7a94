import { CartridgeRefused } from './refused.js';
import { childrenOf, find, readXml, type XmlElement } from './xml.js';

export interface Resource {
  id: string;
  type: string;
  /** Path of its main file in the cartridge. */
  file: string | null;
}

export interface Item {
  title: string;
  /** Titles of the folders that hold it, from the top. */
  folders: string[];
  resource: Resource;
}

export interface Manifest {
  id: string;
  title: string;
  language: string | null;
  /** In order. A folder is no item. */
  items: Item[];
}

export const manifestFile = 'imsmanifest.xml';

/** Reads the manifest (IMS Content Packaging as profiled by Common Cartridge, section 4): the items of its first organization. */
export function readManifest(bytes: Uint8Array | undefined): Manifest {
  if (bytes === undefined) throw new CartridgeRefused('no-manifest');
  const manifest = readXml(bytes);
  if (manifest?.name !== 'manifest') throw new CartridgeRefused('manifest-broken');
  const base = manifest.attributes.get('base') ?? '';
  const resources = new Map(
    childrenOf(find(manifest, 'resources'), 'resource').map((element) => {
      const id = element.attributes.get('identifier') ?? '';
      const href = element.attributes.get('href') ?? find(element, 'file')?.attributes.get('href') ?? null;
      const file = href === null ? null : pathIn(base + (element.attributes.get('base') ?? ''), href);
      return [id, { id, type: element.attributes.get('type') ?? '', file }];
    }),
  );
  const general = find(manifest, 'metadata', 'lom', 'general');
  const organization = find(manifest, 'organizations', 'organization');
  const items: Item[] = [];
  for (const root of childrenOf(organization, 'item')) collect(root, [], resources, items);
  return {
    id: manifest.attributes.get('identifier') ?? '',
    title: textOf(find(general, 'title', 'string')) || textOf(find(organization, 'title')),
    language: find(general, 'language')?.text.trim() || null,
    items,
  };
}

const textOf = (element: XmlElement | undefined): string => (element?.text ?? '').trim().replace(/\s+/g, ' ');

function collect(item: XmlElement, folders: string[], resources: ReadonlyMap<string, Resource>, items: Item[]): void {
  const title = textOf(find(item, 'title'));
  const resource = resources.get(item.attributes.get('identifierref') ?? '');
  if (resource !== undefined) items.push({ title, folders, resource });
  const inside = title === '' ? folders : [...folders, title];
  for (const child of childrenOf(item, 'item')) collect(child, inside, resources, items);
}

/** The path in the cartridge of an address relative to a folder, or to the root (`$IMS-CC-FILEBASE$`); null if it is elsewhere. */
export function pathIn(folder: string, href: string): string | null {
  const own = href.replace(/^(?:\$|%24)IMS-CC-FILEBASE(?:\$|%24)\/?/i, '/');
  try {
    const url = new URL(own, `https://cartridge.invalid/${folder}`);
    return url.host === 'cartridge.invalid' ? decodeURIComponent(url.pathname.slice(1)) : null;
  } catch {
    return null;
  }
}
