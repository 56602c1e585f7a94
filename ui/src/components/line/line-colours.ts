/** One of the line colours `--il-line-1` to `--il-line-10`. */
export type LineColour = '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '10';

/**
 * The colours of the Flemish learning areas, by the keys that the library gives (`ActivitySummary.area`). There are ten colours that
 * colour-blind people can tell apart, so the two last areas share one with an area that they are seldom seen with. No colour is red, because
 * a red mark means "wrong" at school.
 */
const areas = {
  wiskunde: '1',
  nederlands: '2',
  wereldorientatie: '3',
  talen: '4',
  'muzische-vorming': '5',
  ict: '6',
  'lichamelijke-opvoeding': '7',
  'leren-leren': '9',
  'sociale-vaardigheden': '10',
  samenleving: '10',
  levensbeschouwing: '9',
} as const satisfies Record<string, LineColour>;

/** Key of a learning area that has a colour of its own. */
export type LearningArea = keyof typeof areas;

/** Learning areas with a fixed colour. */
export const learningAreas = Object.keys(areas) as LearningArea[];

/** For what has no learning area. */
const NONE: LineColour = '8';

const isLearningArea = (area: string): area is LearningArea => Object.hasOwn(areas, area);

/**
 * The line colour of a learning area. This is the only place that chooses it, so that an activity and a path have the same colour on all
 * pages. Subjects outside the table get one of the ten by a stable hash (FNV-1a); no area gets the neutral colour.
 */
export function lineColourOf(area: string | null | undefined): LineColour {
  if (area === null || area === undefined || area === '') return NONE;
  if (isLearningArea(area)) return areas[area];
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(area)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return String((hash % 10) + 1) as LineColour;
}
