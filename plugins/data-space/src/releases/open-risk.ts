import { measures, rule } from '@ilearn/plugin-cube';
import { type Risk, riskOf } from '../statistics/risk.js';
import type { OpenFigure } from './open-figures.js';

const countsPeople = new Set<string>(measures.filter(({ unit }) => unit === 'people').map(({ id }) => id));

/**
 * The risk of figures that count people, by the smallest number of people that each can be about. It does not rely on the threshold of the
 * cube: a figure below it, which should not be there, counts as it is.
 */
export function riskOfFigures(figures: readonly OpenFigure[]): Risk {
  const classes = figures.flatMap(({ measure, value }) => {
    if (value === null || value === 0 || !countsPeople.has(measure)) return [];
    const least = Math.max(value - (rule.rounding - 1) / 2, 1);
    return { sample: least, population: least };
  });
  return riskOf(classes);
}
