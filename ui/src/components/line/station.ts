/** An exercise in a tool, an address elsewhere, or a text; each has its shape. */
export type StationKind = 'lti' | 'link' | 'text';
/** How far the pupil is with a station. */
export type StationState = 'todo' | 'next' | 'started' | 'done' | 'locked';

/** One station of `<il-line>`: a step of a learning path. */
export interface Station {
  label: string;
  /** Language of the label if it is not the interface's (BCP 47). */
  language?: string | null | undefined;
  kind: StationKind;
  state: StationState;
  /** Makes the station a link. */
  href?: string | undefined;
  /** Second line: duration, score, provider. */
  detail?: string | undefined;
  /** Why it is locked. */
  reason?: string | undefined;
}

/** Whether the stretch of line to station `index` is completed. */
export function isTravelled(stations: readonly Station[], index: number): boolean {
  return stations[index - 1]?.state === 'done' && ['done', 'started', 'next'].includes(stations[index]?.state ?? '');
}

/** The one station to go to: the next one, else the first that was started. */
export function currentStation(stations: readonly Station[]): number {
  const next = stations.findIndex(({ state }) => state === 'next');
  return next >= 0 ? next : stations.findIndex(({ state }) => state === 'started');
}
