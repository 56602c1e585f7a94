import type { Material } from './model.js';

const address = '/api/library/materials/';
const inText = new RegExp(`${address}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![\\w-])`, 'gi');

/** Ids of the materials to which a text refers, each once. */
export const materialsIn = (markdown: string): string[] => [
  ...new Set([...markdown.matchAll(inText)].map(([, id = '']) => id.toLowerCase())),
];

/** A text followed by its attached files: pictures are shown, others are links. */
export const withMaterials = (markdown: string, attached: readonly Material[]): string =>
  [markdown, ...attached.map(shown)].filter((part) => part !== '').join('\n\n');

function shown({ id, name, bytes, picture }: Material): string {
  const plain = escaped(name.replace(/\.[a-z0-9]+$/i, ''));
  return picture ? `![${plain}](${address}${id})` : `[${escaped(name)}](${address}${id}) (${sizeOf(bytes)})`;
}

/** CommonMark 0.31, section 2.4: any ASCII punctuation may be escaped with a backslash. */
const escaped = (text: string): string => text.replace(/[!-/:-@[-`{-~]/g, '\\$&');

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`;
