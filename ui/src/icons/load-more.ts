let more: Promise<unknown> | undefined;

/** Loads the icons that do not come with the shell. Without a connection, they are loaded when the next one is asked for. */
export function loadMoreIcons(): Promise<unknown> {
  more ??= import('./more.js').catch(() => {
    more = undefined;
  });
  return more;
}
