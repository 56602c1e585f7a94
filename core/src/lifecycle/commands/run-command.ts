import { attach } from './attach.js';
import { backup } from './backup.js';
import { type CommandInput, type CommandResult, type PluginCommand, refused } from './command.js';
import { detach } from './detach.js';
import { disable, enable, retry } from './enable-disable.js';
import { list } from './list.js';
import { purge } from './purge.js';

const commands: Record<CommandInput['command'], PluginCommand> = { list, retry, enable, disable, detach, attach, purge, backup };

/** Runs a command in the process that has the database open. */
export const runCommand: PluginCommand = (context, input) =>
  input.command === 'list' ? inTime(run(context, input)) : run(context, input);

const run: PluginCommand = async (context, input) => {
  const { rows } = await context.home.pool.query<{ there: boolean }>(
    `select to_regclass('kernel.plugin_states') is not null as there`,
  );
  if (rows[0]?.there === true) return commands[input.command](context, input);
  return refused('No portal of this version has used the database yet.', '→ ilearn migrate, or ilearn start.');
};

/** `list` answers within this time even if the database or the portal hangs. */
const LIST_SECONDS = 15;

function inTime(listed: Promise<CommandResult>): Promise<CommandResult> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<CommandResult>((resolve) => {
    const told = refused(`Neither the database nor the portal answered within ${LIST_SECONDS} seconds.`, '→ ilearn doctor');
    timer = setTimeout(resolve, LIST_SECONDS * 1_000, told);
  });
  return Promise.race([listed, hangs]).finally(() => clearTimeout(timer));
}
