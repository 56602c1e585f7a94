import { endOfComment } from './sql-text.js';

const sessionControl =
  /^(?:set|reset|begin|start|commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b)|prepare|execute|declare|discard|do|listen|unlisten|notify|load|vacuum|copy|alter|create|drop|grant|revoke|reassign|security|import|call)\b/i;
/** Functions that set the role, take SQL as text, or hold a lock beyond the transaction; `U&"…"` could spell any of them. */
export const reachingOut = /set_config|query_to_xml|ts_stat|ts_rewrite|pg_(?:try_)?advisory_(?:lock|unlock)|u&"/i;

/**
 * Refuses statements by which SQL could leave its role, its schools or the unit of work. Statements travel by the extended
 * protocol, one at a time, so the first word tells; a few functions would do the same.
 *
 * @throws Error with the plugin, the statement's first words and the mend
 */
export function refuseSessionControl(pluginId: string, sql: string): void {
  const statement = fromFirstWord(sql);
  if (sessionControl.test(statement)) {
    throw new Error(
      `${pluginId}: "${statement.slice(0, 40)}" is the kernel's to run. A unit of work is one transaction under the plugin's ` +
        'own role; use knex.transaction or unitOfWork.savepoint inside it, and migrations for the schema.',
    );
  }
  const [name] = reachingOut.exec(statement) ?? [];
  if (name !== undefined) {
    throw new Error(
      `${pluginId}: ${name} is not open to plugins; the role, the schools and the session of a statement are the kernel's.`,
    );
  }
}

/** Skips white space, semicolons and comments; a carriage return ends a line too. */
function fromFirstWord(sql: string): string {
  let rest = sql;
  for (;;) {
    rest = rest.replace(/^(?:[\s;]+|--[^\n\r]*)+/, '');
    if (!rest.startsWith('/*')) return rest;
    rest = rest.slice(endOfComment(rest, 0));
  }
}
