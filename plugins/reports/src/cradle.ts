import type { KernelCradle } from '@ilearn/core';
import type { Figures } from './figures/figures.js';

export type Dependencies = KernelCradle;

export interface Cradle extends Dependencies {
  figures: Figures;
}
