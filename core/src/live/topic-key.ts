const keyPattern = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.([a-z][A-Za-z0-9-]*):(\{.*\})$/s;

export interface AskedTopic {
  plugin: string;
  name: string;
  params: Record<string, unknown>;
}

/** Maximum length of a topic key, in characters. */
export const LONGEST_KEY = 500;

/** Parses `myway.board:{"assignmentId":"…"}`; null if the text is not a topic key. */
export function parseTopicKey(text: string): AskedTopic | null {
  if (text.length > LONGEST_KEY) return null;
  const [, plugin, name, json] = keyPattern.exec(text) ?? [];
  if (plugin === undefined || name === undefined || json === undefined) return null;
  try {
    // The pattern requires braces, so the JSON is an object.
    return { plugin, name, params: JSON.parse(json) as Record<string, unknown> };
  } catch {
    return null;
  }
}

/** The canonical key by which messages are matched with subscribers. `params` must be the output of the topic's schema. */
export const topicKey = (plugin: string, name: string, params: unknown): string => `${plugin}.${name}:${canonicalJson(params)}`;

/** JSON with the members of each object sorted by name, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  // Converted to JSON first: dates become text, and members that JSON omits are dropped.
  return JSON.stringify(JSON.parse(JSON.stringify(value)), (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
