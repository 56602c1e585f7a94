/** People who cannot be told apart by what a release says of them. */
export interface Class {
  /** How many of them are in the release. */
  sample: number;
  /** How many there are at all; never fewer. */
  population: number;
}

/** Chances of finding the right person, from 0 to 1. */
export interface Risk {
  /** The attacker knows that the person is in the release: 1 / the smallest class. */
  prosecutor: number;
  /** The attacker only knows that the person exists. */
  journalist: number;
  /** The share of all people that an attacker who guesses everybody gets right. */
  marketer: number;
  /** Classes of one: an attacker can single somebody out (opinion 05/2014 of the Article 29 Working Party). */
  singledOut: number;
}

/** The risks of El Emam, "Guide to the De-Identification of Personal Health Information" (2013), chapter 16. Nobody in it: no risk. */
export function riskOf(classes: readonly Class[]): Risk {
  const filled = classes.filter(({ sample }) => sample > 0);
  if (filled.length === 0) return { prosecutor: 0, journalist: 0, marketer: 0, singledOut: 0 };
  const records = filled.reduce((sum, { sample }) => sum + sample, 0);
  return {
    prosecutor: Math.max(...filled.map(({ sample }) => 1 / sample)),
    journalist: Math.max(...filled.map(({ population }) => 1 / population)),
    marketer: filled.reduce((sum, { sample, population }) => sum + sample / population, 0) / records,
    singledOut: filled.filter(({ sample }) => sample === 1).length,
  };
}
