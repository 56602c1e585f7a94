/** An exercise in a tool, a link, or a text; each kind has its own shape. */
export type StationKind = 'lti' | 'link' | 'text';
/** The pupil's progress in a station. */
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

/** Whether the track to station `index` is completed. */
export function isTravelled(stations: readonly Station[], index: number): boolean {
  return stations[index - 1]?.state === 'done' && ['done', 'started', 'next'].includes(stations[index]?.state ?? '');
}

/** Index of the station to continue with: the next one, or the first that was started; -1 if there is none. */
export function currentStation(stations: readonly Station[]): number {
  const next = stations.findIndex(({ state }) => state === 'next');
  return next >= 0 ? next : stations.findIndex(({ state }) => state === 'started');
}
