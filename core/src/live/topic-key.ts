const keyPattern = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.([a-z][A-Za-z0-9-]*):(\{.*\})$/s;

export interface AskedTopic {
  plugin: string;
  name: string;
  params: Record<string, unknown>;
}

/** Longest key of a topic, in characters. */
export const LONGEST_KEY = 500;

/** Reads `myway.board:{"assignmentId":"…"}`; null if it is none. */
export function parseTopicKey(text: string): AskedTopic | null {
  if (text.length > LONGEST_KEY) return null;
  const [, plugin, name, json] = keyPattern.exec(text) ?? [];
  if (plugin === undefined || name === undefined || json === undefined) return null;
  try {
    // The pattern wants braces, so it is an object.
    return { plugin, name, params: JSON.parse(json) as Record<string, unknown> };
  } catch {
    return null;
  }
}

/** The one spelling under which messages and subscribers meet. `params` as the topic's schema parsed them. */
export const topicKey = (plugin: string, name: string, params: unknown): string => `${plugin}.${name}:${canonicalJson(params)}`;

/** JSON with the names of each object in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  // Through JSON first: dates become text, and what JSON leaves out is gone.
  return JSON.stringify(JSON.parse(JSON.stringify(value)), (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
