/** Pictures that the kernel re-encodes, so that no data about the place, time and camera remain. */
const pictures = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);

export const isPicture = (type: string): boolean => pictures.has(type);

/** Kinds of text, which cannot be distinguished by their first bytes, with their possible extensions. */
const texts: ReadonlyMap<string, readonly string[]> = new Map([
  ['text/plain', ['txt', 'text', 'log', 'md']],
  ['text/markdown', ['md', 'markdown']],
  ['text/csv', ['csv']],
  ['text/tab-separated-values', ['tsv']],
  ['text/calendar', ['ics']],
  ['application/json', ['json']],
  ['application/ld+json', ['jsonld']],
]);

export const isText = (type: string): boolean => texts.has(type);

/** Types with more than one usual extension. */
const others: ReadonlyMap<string, readonly string[]> = new Map([
  ['image/jpeg', ['jpg', 'jpeg', 'jpe']],
  ['image/png', ['png']],
  ['image/webp', ['webp']],
  ['image/gif', ['gif']],
  ['image/avif', ['avif']],
  ['application/pdf', ['pdf']],
  ['application/zip', ['zip']],
  ['audio/mpeg', ['mp3']],
  ['audio/ogg', ['ogg', 'oga', 'opus']],
  ['video/mp4', ['mp4', 'm4v']],
  ['video/webm', ['webm']],
  ['video/quicktime', ['mov']],
]);

/** Extensions that a file of this type may have, the usual one first. */
export const extensionsOf = (type: string, usual?: string): readonly string[] =>
  texts.get(type) ?? others.get(type) ?? (usual === undefined ? ['bin'] : [usual]);
