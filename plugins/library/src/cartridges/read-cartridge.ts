import { Yielder } from '@ilearn/core';
import { webAddress } from '../activities/model.js';
import type { ActivityContent } from '../exports.js';
import { markdownOf, type Loss as TextLoss } from './html-to-markdown.js';
import { type Item, manifestFile, pathIn, readManifest } from './manifest.js';
import { pictureAddress } from './pictures.js';
import { CartridgeRefused } from './refused.js';
import { unzip } from './unzip.js';
import { find, readXml } from './xml.js';

/** What an item loses: the whole of it (`tool` to `broken`), or a part. */
export const losses = [
  ...(['tool', 'questions', 'file', 'address', 'broken', 'empty'] as const),
  ...(['interactive', 'media', 'picture', 'file-link', 'too-deep', 'too-long', 'hand-in', 'folders'] as const),
] as const;
export type Loss = (typeof losses)[number];

export interface CartridgeItem {
  /** Identifier of the resource in the cartridge. */
  id: string;
  title: string;
  folders: string[];
  /** Null if nothing of it can be kept. */
  content: ActivityContent | null;
  lost: Loss[];
}

export interface Cartridge {
  id: string;
  title: string;
  language: string | null;
  items: CartridgeItem[];
}

export const mostItems = 200;
const mostPictures = 200;
/** Characters of a page. */
const mostHtml = 2_000_000;
/** Characters of a text, its pictures included: what a teacher can still edit. */
const mostText = 480_000;

interface Open {
  files: ReadonlyMap<string, Uint8Array>;
  /** By path; null for one that cannot be kept. */
  pictures: Map<string, string | null>;
}

/** Reads a Common Cartridge. @throws CartridgeRefused */
export async function readCartridge(bytes: Uint8Array): Promise<Cartridge> {
  const files = unzip(bytes);
  const { items, ...manifest } = readManifest(files.get(manifestFile));
  if (items.length === 0) throw new CartridgeRefused('nothing-in-it');
  if (items.length > mostItems) throw new CartridgeRefused('too-large');
  const open: Open = { files, pictures: new Map() };
  const yielder = new Yielder();
  const read: CartridgeItem[] = [];
  for (const item of items) {
    await yielder.yield();
    const { content, lost } = await readItem(item, open);
    const { title, folders, resource } = item;
    const kept = [...new Set<Loss>([...lost, ...(folders.length > 0 && content !== null ? (['folders'] as const) : [])])];
    read.push({ id: resource.id, title: title || folders.at(-1) || resource.id, folders, content, lost: kept });
  }
  return { ...manifest, items: read };
}

type Read = Pick<CartridgeItem, 'content' | 'lost'>;
const nothing = (loss: Loss): Read => ({ content: null, lost: [loss] });

/** By the types of Common Cartridge 1.4, section 4.4; older versions have the same beginnings. */
async function readItem({ resource: { type, file } }: Item, open: Open): Promise<Read> {
  const bytes = file === null ? undefined : open.files.get(file);
  if (type.startsWith('imsbasiclti')) return nothing('tool');
  if (type.startsWith('imsqti') || type.includes('/assessment') || type.includes('/question-bank')) return nothing('questions');
  if (type === 'webcontent' || type.startsWith('associatedcontent')) {
    if (file === null || !/\.html?$/i.test(file)) return nothing('file');
    return bytes === undefined ? nothing('broken') : readPage(new TextDecoder().decode(bytes), file, open);
  }
  const root = bytes === undefined ? null : readXml(bytes);
  if (root === null) return nothing('broken');
  if (type.startsWith('imswl')) return readLink(find(root, 'url')?.attributes.get('href') ?? '');
  const text = find(root, 'text');
  if (text === undefined) return nothing('broken');
  const html = /html/i.test(text.attributes.get('texttype') ?? 'text/html')
    ? text.text
    : `<pre>${text.text.replace(/[&<]/g, (sign) => (sign === '&' ? '&amp;' : '&lt;'))}</pre>`;
  const page = await readPage(html, file ?? '', open);
  return type.startsWith('assignment') ? { ...page, lost: [...page.lost, 'hand-in'] } : page;
}

function readLink(href: string): Read {
  const { data } = webAddress.safeParse(href.replace(/^http:/i, 'https:'));
  return data === undefined ? nothing('address') : { content: { kind: 'link', url: data }, lost: [] };
}

async function readPage(html: string, file: string, open: Open): Promise<Read> {
  if (html.length > mostHtml) return nothing('too-long');
  const lost = new Set<Loss>();
  const folder = file.replace(/[^/]*$/, '');
  await readPictures(html, folder, open);
  const markdown = markdownOf(html, {
    pictureOf: (src) => open.pictures.get(pathOf(src, folder, open.files) ?? '') ?? null,
    linkTo: (href) => (/^https?:\/\//i.test(href) ? (webAddress.safeParse(href).data ?? null) : null),
    lose: (loss: TextLoss) => void lost.add(loss),
  });
  if (markdown.trim() === '') return nothing(lost.size > 0 ? ([...lost][0] as Loss) : 'empty');
  if (markdown.length > mostText) return nothing('too-long');
  return { content: { kind: 'text', markdown }, lost: [...lost] };
}

/** Reads the pictures that a page shows, before it is turned into Markdown. */
async function readPictures(html: string, folder: string, { files, pictures }: Open): Promise<void> {
  for (const [, , src = ''] of html.matchAll(/<img\b[^>]{0,4000}?\ssrc\s*=\s*(["'])(.{1,2000}?)\1/gi)) {
    const path = pathOf(src.replaceAll('&amp;', '&'), folder, files);
    if (path === null || pictures.has(path) || pictures.size >= mostPictures) continue;
    pictures.set(path, await pictureAddress(files.get(path) as Uint8Array));
  }
}

/** Path of a file of the cartridge. Some systems keep what is relative to the root in a folder of their own. */
function pathOf(address: string, folder: string, files: Open['files']): string | null {
  const path = pathIn(folder, address);
  if (path === null) return null;
  return [path, `web_resources/${path}`].find((each) => files.has(each)) ?? null;
}
