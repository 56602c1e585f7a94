import type { ApiProblem } from '@ilearn/ui';

/** Does something; returns why it could not be done, in words for the reader. */
export async function attempt(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (problem) {
    return (problem as ApiProblem).message;
  }
}
