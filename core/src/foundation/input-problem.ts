import { Problem, type ProblemOptions } from '../contract/problem.js';

/**
 * An error caused by the input of a request: the sender gets an answer, it does not count as a failure of the plugin, and it is logged for
 * the plugin's author, whose schemas accepted the input.
 */
export class InputProblem extends Problem {
  constructor(
    options: ProblemOptions,
    readonly reason: unknown,
  ) {
    super(options);
  }
}
