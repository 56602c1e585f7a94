import { parseArgs } from 'node:util';
import { CommandError } from '../contract/work.js';

export interface OptionHelp {
  type: 'string' | 'boolean';
  help: string;
}

/** Parses a command's arguments; every command has `--help`. */
export function parseOptions(
  command: string,
  argv: string[],
  options: Record<string, OptionHelp>,
): { args: string[]; options: Record<string, string | boolean | undefined>; help: boolean } {
  try {
    const spec = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { ...spec, help: { type: 'boolean', short: 'h' } },
    });
    const { help, ...rest } = values as Record<string, string | boolean | undefined>;
    return { args: positionals, options: rest, help: help === true };
  } catch (error) {
    throw new CommandError(`${(error as Error).message}\nSee: ilearn ${command} --help`);
  }
}

export function printUsage(
  command: string,
  summary: string,
  usage: string | undefined,
  options: Record<string, OptionHelp>,
): void {
  console.log(
    `${summary}\n\nUsage: ilearn ${command}${usage === undefined ? '' : ` ${usage}`}${Object.keys(options).length > 0 ? ' [options]' : ''}`,
  );
  for (const [name, { type, help }] of Object.entries(options)) {
    console.log(`  --${name}${type === 'string' ? ' <value>' : ''}\n      ${help}`);
  }
}
