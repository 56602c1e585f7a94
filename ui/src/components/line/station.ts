/** An exercise in a tool, an address elsewhere, a text of our own: each has its shape. */
export type StationKind = 'lti' | 'link' | 'text';
/** How far the pupil is with a station. */
export type StationState = 'todo' | 'next' | 'started' | 'done' | 'locked';

/** One station of `<il-line>`: a step of a learning path. */
export interface Station {
  label: string;
  /** Language of the label where it is not the interface's (BCP 47). */
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

/** Whether the stretch of line that leads to station `index` lies behind the traveller. */
export function isTravelled(stations: readonly Station[], index: number): boolean {
  return stations[index - 1]?.state === 'done' && ['done', 'started', 'next'].includes(stations[index]?.state ?? '');
}

/** The one station to go to now: the next, else the first that was begun. */
export function currentStation(stations: readonly Station[]): number {
  const next = stations.findIndex(({ state }) => state === 'next');
  return next >= 0 ? next : stations.findIndex(({ state }) => state === 'started');
}
