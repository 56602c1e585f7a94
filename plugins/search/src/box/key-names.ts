export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const names: Record<string, string> = {
  Control: isMac ? '⌘' : 'Ctrl',
  Meta: '⌘',
  Alt: isMac ? '⌥' : 'Alt',
  Shift: isMac ? '⇧' : 'Shift',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
};

/** A key as people know it from their keyboard. `space`: the word for the space bar. */
export const keyName = (key: string, space: string): string =>
  key === 'Space' ? space : (names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
