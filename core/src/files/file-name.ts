import { extensionsOf } from '../foundation/media-types.js';

const LONGEST = 150;
/**
 * Control and format characters (which may reverse the direction of writing), path separators, and characters that Windows does not allow.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const unsafe = /[\u0000-\u001f\u007f-\u009f\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;

/**
 * A sender's file name, made safe to store and offer: the last part of a path, without misleading characters or those that file systems
 * refuse, and with an extension of its type, so that a picture called `page.html` is offered as `page.html.png`.
 *
 * @param usual extension of the type, if the kernel does not know it
 */
export function safeName(given: string, type: string, usual?: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).pop() ?? '';
  const clean = last
    .replace(unsafe, '')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const allowed = extensionsOf(type, usual);
  const [, stem = '', extension = ''] = /^(.*?)(?:\.([^.]*))?$/su.exec(clean) ?? [];
  const right = stem !== '' && allowed.includes(extension.toLowerCase());
  const base = right ? stem : clean === '' ? 'file' : clean;
  return `${[...base].slice(0, LONGEST).join('')}.${right ? extension : allowed[0]}`;
}

/** `content-disposition` for a name (RFC 6266): in ASCII for old clients, in UTF-8 for others. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
