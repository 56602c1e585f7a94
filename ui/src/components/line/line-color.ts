/** The line colour, `1` to `8`, of a key (a learning area's code, a path's id). The same key always has the same colour. */
export function lineColor(key: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return String(((hash >>> 0) % 8) + 1);
}
