import type { Readable, Writable } from 'node:stream';
import { cancel, intro, multiselect, text } from '@clack/prompts';
import { ESSENTIAL, type Release, USUAL } from './modules.js';
import { checkName, packageNameOf } from './names.js';
import { UsageError } from './usage-error.js';

/** The terminal on which questions are asked. */
export interface Terminal {
  input: Readable;
  output: Writable;
}

/** What is not given yet is undefined. */
export interface Answers {
  name: string | undefined;
  folder: string | undefined;
  modules: readonly string[] | undefined;
}
export type Complete = { [key in keyof Answers]: Exclude<Answers[key], undefined> };

/**
 * Asks for what is missing.
 *
 * @throws UsageError when the person cancels
 */
export async function ask(given: Answers, { modules }: Release, { input, output }: Terminal): Promise<Complete> {
  intro('A new i-Learn portal', { output });
  const validate = (value: string | undefined) => messageOf(() => checkName(value ?? ''));
  const options = { input: input as never, output };
  const name =
    given.name ??
    said<string>(await text({ ...options, message: 'Name of the portal', placeholder: 'Sint-Jan', validate }), output);
  const folder =
    given.folder ?? said<string>(await text({ ...options, message: 'Folder', initialValue: packageNameOf(name) }), output);
  const choice = modules.filter(({ id }) => !ESSENTIAL.includes(id));
  const chosen =
    given.modules ??
    said<string[]>(
      await multiselect<string>({
        ...options,
        message: `Modules, besides ${ESSENTIAL.join(' and ')} (space selects, enter confirms)`,
        options: choice.map(({ id, description }) => ({ value: id, label: id, hint: description })),
        initialValues: choice.map(({ id }) => id).filter((id) => USUAL.includes(id)),
        required: false,
      }),
      output,
    );
  return { name, folder, modules: chosen };
}

function said<T>(answer: T | symbol, output: Writable): T {
  if (typeof answer !== 'symbol') return answer;
  cancel('Nothing was written.', { output });
  throw new UsageError('');
}

function messageOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
