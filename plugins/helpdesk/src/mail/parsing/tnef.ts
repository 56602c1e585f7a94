import type { ParsedAttachment } from './parsed.js';

const SIGNATURE = 0x223e9f78;
/** Attributes of MS-OXTNEF section 2.1.3, without their types. */
const tag = { renderData: 0x9002, title: 0x8010, data: 0x800f, body: 0x800c } as const;

/** What `winmail.dat` of Outlook holds (MS-OXTNEF): a plain body and files. Null if it is damaged. */
export function readTnef(bytes: Uint8Array): { text: string; files: ParsedAttachment[] } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 6 || view.getUint32(0, true) !== SIGNATURE) return null;
  const files: ParsedAttachment[] = [];
  let text = '';
  let file: ParsedAttachment | null = null;
  for (let at = 6; at < bytes.byteLength; ) {
    // Level, attribute, type, length; after the value a checksum.
    if (at + 11 > bytes.byteLength) return null;
    const attribute = view.getUint16(at + 1, true);
    const length = view.getUint32(at + 5, true);
    const from = at + 9;
    if (from + length + 2 > bytes.byteLength) return null;
    const value = bytes.subarray(from, from + length);
    const asText = () => new TextDecoder('windows-1252').decode(value).replace(/\0+$/, '');
    if (attribute === tag.renderData) {
      file = { name: 'file', type: 'application/octet-stream', bytes: new Uint8Array() };
      files.push(file);
    } else if (attribute === tag.title && file !== null) file.name = asText();
    else if (attribute === tag.data && file !== null) file.bytes = value.slice();
    else if (attribute === tag.body) text = asText();
    at = from + length + 2;
  }
  return { text, files: files.filter((each) => each.bytes.byteLength > 0) };
}
