import { CommandError } from '../../contract/work.js';

export async function checkVerb(_argv: string[], _root: string): Promise<number> {
  throw new CommandError('Not made yet.');
}
