import { Problem, type ProblemOptions } from '../contract/problem.js';

/**
 * An error that the sender of a request caused by what they sent: an answer to them, no failure of the plugin, and a line in the log
 * for its author, whose schemas let it through.
 */
export class InputProblem extends Problem {
  constructor(
    options: ProblemOptions,
    readonly reason: unknown,
  ) {
    super(options);
  }
}
