/** The plugin whose package contains a module; null if there is none. */
export function ownerOf(url: string, folders: ReadonlyMap<string, string>): string | null {
  for (const [id, folder] of folders) if (url.startsWith(folder)) return id;
  return null;
}

/** The plugin whose code is nearest to the origin of an error, according to its stack. */
export function ownerOfError(error: unknown, folders: ReadonlyMap<string, string>): string | null {
  const { stack } = (error ?? {}) as { stack?: unknown };
  for (const [url] of String(stack ?? '').matchAll(/file:\/\/[^\s)]+/g)) {
    const owner = ownerOf(url, folders);
    if (owner !== null) return owner;
  }
  return null;
}
