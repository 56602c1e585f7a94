import type { PathKey } from '../content/read-paths.js';

/** An assignment of the demonstration. `given`, `due` and `ended` are offsets in school days; see {@link SchoolDays}. */
export interface Planned {
  path: PathKey;
  /** sourcedIds of the teacher and the class. */
  teacher: string;
  className: string;
  given: number;
  due: number | null;
  ended?: number;
}

const lien = 't-lien-peeters';
const karim = 't-karim-bensaid';

/** Assignments of the last six weeks, by school. Some have ended, some are late, some are due today or later. */
export const schedule: Record<'wegwijzer' | 'terLinden', readonly Planned[]> = {
  wegwijzer: [
    { path: 'tafels', teacher: lien, className: '3A', given: -12, due: 3 },
    { path: 'gevoelens', teacher: lien, className: '3A', given: -7, due: -1 },
    { path: 'opfrissen', teacher: lien, className: '3A', given: -28, due: -19, ended: -18 },
    { path: 'opfrissen', teacher: 't-griet-vanhoutte', className: '1A', given: -6, due: 8 },
    { path: 'opfrissen', teacher: 't-fatima-ouazzani', className: '2A', given: -10, due: 1 },
    { path: 'tafels', teacher: 't-tom-de-wilde', className: '3B', given: -9, due: 6 },
    { path: 'gevoelens', teacher: 't-tom-de-wilde', className: '3B', given: -22, due: -12, ended: -11 },
    { path: 'lezen', teacher: 't-sarah-lauwers', className: '4A', given: -10, due: 0 },
    { path: 'breuken', teacher: 't-pieter-verbeke', className: '5A', given: -14, due: 5 },
    { path: 'online', teacher: karim, className: '5A', given: -4, due: 11 },
    { path: 'brug', teacher: 't-annelies-moens', className: '6A', given: -8, due: 2 },
    { path: 'online', teacher: karim, className: '6A', given: -27, due: -15, ended: -14 },
    { path: 'brug', teacher: 't-wim-stevens', className: '6B', given: -5, due: 8 },
    { path: 'online', teacher: karim, className: '6B', given: -26, due: -13, ended: -12 },
  ],
  terLinden: [
    { path: 'vergelijkingen', teacher: 't-bart-claes', className: '1Aa', given: -13, due: 2 },
    { path: 'vergelijkingen', teacher: 't-bart-claes', className: '1Ab', given: -11, due: 4 },
    { path: 'weer', teacher: 't-bart-claes', className: '1Aa', given: -28, due: -17, ended: -16 },
    { path: 'online', teacher: 't-hilde-geerts', className: '1Aa', given: -6, due: -1 },
    { path: 'online', teacher: 't-hilde-geerts', className: '1B', given: -7, due: 5 },
    { path: 'brug', teacher: 't-leen-van-acker', className: '1Ac', given: -16, due: -2 },
    { path: 'weer', teacher: 't-murat-yildiz', className: '1B', given: -9, due: 6 },
  ],
};

/** Assignments given at the moment that the demonstration is made, of which pupils are notified. */
export const fresh: Record<'wegwijzer' | 'terLinden', readonly Omit<Planned, 'given' | 'ended'>[]> = {
  wegwijzer: [{ path: 'lezen', teacher: lien, className: '3A', due: 5 }],
  terLinden: [{ path: 'brug', teacher: 't-bart-claes', className: '1Aa', due: 8 }],
};
