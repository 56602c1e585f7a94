/** One statement of SQL text. */
export interface SqlStatement {
  /** Its words and signs: comments are gone, string constants are `''`. */
  words: string;
  /** What its string constants hold, dollar-quoted or not: also the bodies of functions and DO blocks. */
  strings: string[];
}

const token = new RegExp(
  [
    /(?<blank>\s+|--[^\n\r]*)/,
    /(?<comment>\/\*)/,
    /(?<constant>[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|'[^']*(?:''[^']*)*')/,
    /(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)/,
    /(?<word>"[^"]*(?:""[^"]*)*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[\s\S])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);

/** Splits SQL as PostgreSQL reads it (manual, 4.1 Lexical Structure), at each `;` outside parentheses. */
export function readStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let statement: SqlStatement = { words: '', strings: [] };
  let depth = 0;
  for (let at = 0; at < sql.length; ) {
    token.lastIndex = at;
    const { blank, comment, constant, dollar, word = '' } = token.exec(sql)?.groups ?? {};
    at = token.lastIndex;
    if (blank !== undefined || comment !== undefined) {
      if (comment !== undefined) at = endOfComment(sql, at - comment.length);
      if (statement.words !== '') statement.words += ' ';
    } else if (constant !== undefined) {
      statement.strings.push(constant);
      statement.words += `''`;
    } else if (dollar !== undefined) {
      const end = sql.indexOf(dollar, at);
      statement.strings.push(sql.slice(at, end === -1 ? sql.length : end));
      statement.words += `''`;
      at = end === -1 ? sql.length : end + dollar.length;
    } else if (word === ';' && depth === 0) {
      statements.push(statement);
      statement = { words: '', strings: [] };
    } else {
      depth += word === '(' ? 1 : word === ')' ? -1 : 0;
      statement.words += word;
    }
  }
  return [...statements, statement].filter(({ words }) => words !== '');
}

/** Where the comment that starts at `start` ends; comments nest. */
export function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (const { 0: mark, index } of sql.slice(start).matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return start + index + 2;
  }
  return sql.length;
}
