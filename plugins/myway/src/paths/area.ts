import type { ActivitySummary } from '@ilearn/plugin-library';

export type Concept = ActivitySummary['concepts'][number];

/** The learning area of a path: its name and line colour (1–8). */
export interface Area {
  label: string;
  line: number;
}

export const lineColours = 8;

/**
 * The concept that most activities share. Of equally frequent concepts, the last one, because authors name the general subject before the
 * specific one.
 */
export function mainConcept(conceptsOfSteps: readonly (readonly Concept[])[]): Concept | null {
  const tally = new Map<string, { concept: Concept; count: number }>();
  for (const concepts of conceptsOfSteps) {
    for (const concept of concepts) {
      const entry = tally.get(concept.uri) ?? { concept, count: 0 };
      entry.count += 1;
      tally.set(concept.uri, entry);
    }
  }
  let main: { concept: Concept; count: number } | null = null;
  for (const entry of tally.values()) if (main === null || entry.count >= main.count) main = entry;
  return main?.concept ?? null;
}

/**
 * The word that gives all concepts of a subject the same colour: `…/curr1/s-wiskunde-getallenleer` and `…/curr1/s-wiskunde-meetkunde` both
 * give `wiskunde`. URIs without words (numbers, uuids) use the label.
 */
function subjectOf(concept: Concept): string {
  const slug = decodeURIComponentSafely(concept.uri.split(/[/#]/).at(-1) ?? '').replace(/^[a-z]-/, '');
  const words = /^\p{L}{3,}(?=[-_]|$)/u.test(slug) ? slug : concept.label;
  return (/\p{L}+/u.exec(words)?.[0] ?? words).toLowerCase();
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** FNV-1a (32 bits): a simple, stable hash, so that a subject keeps its colour. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

export function areaOf(conceptsOfSteps: readonly (readonly Concept[])[]): Area | null {
  const main = mainConcept(conceptsOfSteps);
  return main === null ? null : { label: main.label, line: (hash(subjectOf(main)) % lineColours) + 1 };
}
