import { type ChangedLine, rewriteFiles } from './rewrite-files.js';

/** `purpose` after another member of a table's declaration, unless its `use` is there already. */
const textOfTable =
  /(\b(?:tenant|people|notPeople|keep|erase|clear|withheld): (?:'[^'\n]*'|\{[^{}]*\}|\[[^\]]*\]),(?:\s*\/\/[^\n]*)?\s*)purpose: (?=(['"`])[^\n]*?\2(?!,\s*use: ))/g;

/** Renames the free text `purpose` of tables and kinds of file to `use`, in the sources and messages of a plugin's folder. */
export const renamePurposes = (folder: string): ChangedLine[] =>
  rewriteFiles(folder, { code: (text) => text.replace(textOfTable, '$1use: '), messages: renameInMessages });

/** Renames `privacy.<table>.purpose` to `use`; that of calls to other hosts keeps its name. */
function renameInMessages(text: string): string {
  const path: string[] = [];
  const lines = text.split('\n').map((line) => {
    const [, key = '', value = ''] = /^\s*"([^"]+)"\s*:\s*(.*)$/.exec(line) ?? [];
    if (/^\s*\}/.test(line)) path.pop();
    const onOneLine = value.startsWith('{') && value.includes('}');
    const [top, table, more] = onOneLine ? [...path, key] : path;
    if (value.startsWith('{') && !onOneLine) path.push(key);
    const isTable = top === 'privacy' && table !== undefined && more === undefined;
    return isTable && !['columns', 'values', 'outgoing-http'].includes(table)
      ? line.replace(/"purpose"(?=\s*:\s*")/, '"use"')
      : line;
  });
  return lines.join('\n');
}
