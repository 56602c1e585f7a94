import type { ClassLine } from './model.js';

/** Where a drawing of a line with the pupils on it has its stops and dots, in CSS pixels. */
export interface Ride {
  stops: RideStop[];
  dots: RideDot[];
  /** Distance between two stops. */
  step: number;
}

/** One stop, for several stations where the line is too narrow for all. */
export interface RideStop {
  /** Indexes of its first and last station; `stations.length` is the end of the line. */
  from: number;
  to: number;
  x: number;
  /** Number of pupils there. */
  count: number;
  /** Whether they are drawn as a number, because their dots would not fit. */
  gathered: boolean;
}

export interface RideDot {
  pupilId: string;
  x: number;
  y: number;
  stuck: boolean;
  /** Hidden behind the number of its stop. */
  gathered: boolean;
}

/** Height of the line in the drawing, and the drawing's own. */
export const RAIL = 62;
export const HEIGHT = 78;
/** Centre of the number for gathered dots. */
export const NUMBER = RAIL - 30;

const NARROWEST = 30;
const PITCH = 13;
const MOST_ROWS = 3;
const MOST_IN_ROW = 8;

/** Lays out `stations` stations and the end of the line over `width` pixels, with the pupils' dots above the stops. */
export function rideOf(stations: number, places: ClassLine['places'], width: number): Ride {
  const columns = stations + 1;
  const room = Math.max(2, Math.floor(width / NARROWEST));
  const perStop = columns <= room ? 1 : Math.ceil(stations / (room - 1));
  const count = Math.ceil(stations / perStop) + 1;
  const step = width / count;
  const inRow = Math.min(MOST_IN_ROW, Math.max(1, Math.floor((step - 6) / PITCH)));

  const stops = Array.from({ length: count }, (_, index): RideStop => {
    const atEnd = index === count - 1;
    const from = atEnd ? stations : index * perStop;
    const to = atEnd ? stations : Math.min(stations, from + perStop) - 1;
    return { from, to, x: (index + 0.5) * step, count: 0, gathered: false };
  });
  const stopOf = (at: number): number => (at >= stations ? count - 1 : Math.floor(at / perStop));
  for (const { at } of places) (stops[stopOf(at)] as RideStop).count += 1;
  for (const stop of stops) stop.gathered = stop.count > inRow * MOST_ROWS;

  const seated = new Array<number>(count).fill(0);
  const dots = places.map(({ pupilId, at, stuck }): RideDot => {
    const index = stopOf(at);
    const stop = stops[index] as RideStop;
    if (stop.gathered) return { pupilId, stuck, gathered: true, x: stop.x, y: NUMBER };
    const seat = seated[index] as number;
    seated[index] = seat + 1;
    const row = Math.floor(seat / inRow);
    const rowLength = Math.min(inRow, stop.count - row * inRow);
    return {
      pupilId,
      stuck,
      gathered: false,
      x: stop.x + ((seat % inRow) - (rowLength - 1) / 2) * PITCH,
      y: RAIL - 19 - row * PITCH,
    };
  });
  return { stops, dots, step };
}
