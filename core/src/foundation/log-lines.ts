const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info ', 40: 'WARN ', 50: 'ERROR', 60: 'FATAL' };

/** Formats a log line for a terminal: time, level, plugin, message, the rest as `key=value`, and the stack below. */
export function readableLine(line: string): string {
  const { level, time, msg = '', plugin, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const { stack, ...error } = (
    typeof err === 'object' && err !== null ? err : err === undefined ? {} : { message: err }
  ) as Record<string, unknown>;
  const fields = Object.entries({ ...rest, ...error })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const head = `${String(time).slice(11, 19)} ${LEVELS[level as number] ?? level} ${plugin === undefined ? '' : `[${plugin}] `}${msg}`;
  const below = typeof stack === 'string' ? `\n    ${stack.replaceAll('\n', '\n    ')}` : '';
  return `${head}${fields.join('')}${below}\n`;
}
