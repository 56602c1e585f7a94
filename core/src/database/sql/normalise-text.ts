const list = /(?<![\w$])\$\d+(?:, \$\d+)+(?![\w$])/g;
const rows = /\(\$1\)(?:, \(\$1\))+/g;

/**
 * One text for all those that differ only in how many parameters stand in a list: `in ($1, $2, $3)` and `values ($1, $2), ($3, $4)` are
 * judged alike however long they are. No quote, comment or name begins or ends within what is replaced.
 */
export const normaliseText = (sql: string): string => (sql.includes(', $') ? sql.replace(list, '$1').replace(rows, '($1)') : sql);
