const sessionControl =
  /^(?:set|reset|begin|start|commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b)|prepare|discard|do|listen|unlisten|load|vacuum|copy|alter|create|drop|grant|revoke|reassign|security|import|call)\b/i;
const comments = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|;)+/;

/**
 * Refuses statements by which SQL could leave its role, its schools or the unit of work. Statements travel by the extended
 * protocol, one at a time, so the first word tells; `set_config` is the one function that does the same.
 *
 * @throws Error with the plugin, the statement's first words and the mend
 */
export function refuseSessionControl(pluginId: string, sql: string): void {
  const statement = sql.replace(comments, '');
  if (sessionControl.test(statement)) {
    throw new Error(
      `${pluginId}: "${statement.slice(0, 40)}" is the kernel's to run. A unit of work is one transaction under the plugin's ` +
        'own role; use knex.transaction or unitOfWork.savepoint inside it, and migrations for the schema.',
    );
  }
  if (/set_config/i.test(statement)) {
    throw new Error(`${pluginId}: set_config is not open to plugins; the role and the schools of a statement are the kernel's.`);
  }
}
