import { Problem, type ProblemOptions } from '../contract/problem.js';

/**
 * An error that the sender of a request caused with what they sent: they get an answer, it counts as no failure of the plugin, and it is
 * logged for the plugin's author, whose schemas let it through.
 */
export class InputProblem extends Problem {
  constructor(
    options: ProblemOptions,
    readonly reason: unknown,
  ) {
    super(options);
  }
}
