/** Passwords and keys that stand in examples, and those of software as it is delivered. */
const known = new Set([
  ...[
    'admin',
    'changeme',
    'default',
    'ilearn',
    'minioadmin',
    'password',
    'portal',
    'postgres',
    'redis',
    'root',
    'secret',
    'test',
  ],
  ...['123456', '12345678', 'letmein', 'qwerty', 'welcome'],
]);
const LEAST_KINDS = 10;
const SHORTEST_PASSWORD = 12;

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Why a generated key cannot be one; null if it looks generated. */
export function weaknessOfKey(text: string): string | null {
  if (known.has(bare(text)) || /change.?me|example|placeholder|replace.?me|your.?(key|secret|token)/i.test(text))
    return 'it is a placeholder';
  if (new Set(text.replace(/^base64:/, '')).size < LEAST_KINDS) return `it has fewer than ${LEAST_KINDS} different characters`;
  return null;
}

/** Why a password is weak; null if it is not. */
export function weaknessOfPassword(text: string, user = ''): string | null {
  if (known.has(bare(text)) || (text !== '' && text === user)) return 'it is one that everybody tries first';
  if (text.length < SHORTEST_PASSWORD) return `it has fewer than ${SHORTEST_PASSWORD} characters`;
  return null;
}
