/** An exercise in a tool, a link, a text, a task to hand in, a moment with the teacher, or a quiz; related kinds share a shape. */
export type StationKind = 'lti' | 'link' | 'text' | 'task' | 'moment' | 'quiz';
/** Marks of the kinds. */
export const KIND_ICONS = {
  lti: 'puzzle',
  link: 'external-link',
  text: 'book-open',
  task: 'clipboard-list',
  moment: 'users',
  quiz: 'circle-help',
} as const;

/** The pupil's progress in a station. `low`: done with a low score, better practised again. */
export type StationState = 'todo' | 'next' | 'started' | 'low' | 'done' | 'locked';

/** One station of `<il-line>`: a step of a learning path. */
export interface Station {
  label: string;
  /** Language of the label if it is not the interface's (BCP 47). */
  language?: string | null | undefined;
  /** Kind of step, drawn as a shape and read out; none for stations that are no steps of a learning path. */
  kind?: StationKind | undefined;
  /** Icon in the mark of a station without a kind; a circle by default. */
  icon?: string | undefined;
  state: StationState;
  /** Line colour of this station, as the `color` of `<il-line>`; without it, that of the line. */
  color?: string | undefined;
  /** Makes the station a link. */
  href?: string | undefined;
  /** Second line: duration, score, provider. */
  detail?: string | undefined;
  /** Why it is locked. */
  reason?: string | undefined;
}

/** Whether the track to station `index` is completed. */
export function isTravelled(stations: readonly Station[], index: number): boolean {
  const before = stations[index - 1]?.state;
  return (before === 'done' || before === 'low') && !['todo', 'locked', ''].includes(stations[index]?.state ?? '');
}

/** Index of the station to continue with: the next one, or the first that was started; -1 if there is none. */
export function currentStation(stations: readonly Station[]): number {
  const next = stations.findIndex(({ state }) => state === 'next');
  return next >= 0 ? next : stations.findIndex(({ state }) => state === 'started');
}

/** The value of `--_line` for a `color` of a line or a station: `1`–`10`, or any CSS colour. */
export const lineValue = (color: string): string => (/^(?:[1-9]|10)$/.test(color) ? `var(--il-line-${color})` : color);

/** Sets the colour of a station's drawing, for a `.style` binding. */
export const stationStyle = ({ color }: Station): string => (color === undefined ? '' : `--_line: ${lineValue(color)}`);
