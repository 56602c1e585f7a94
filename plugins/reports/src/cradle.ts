import type { Dependencies } from './dependencies.js';
import type { Figures } from './figures/figures.js';

export interface Cradle extends Dependencies {
  figures: Figures;
}
