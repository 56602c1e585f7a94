export type Sign = '+' | '−' | '×' | ':';

/** `left sign right = result`, with one number left out. */
export interface Sum {
  kind: 'sum';
  left: number;
  sign: Sign;
  right: number;
  result: number;
  missing: 'right' | 'result';
}

/** A number and one of its two parts; the other part is the answer. */
export interface Split {
  kind: 'split';
  whole: number;
  part: number;
}

export interface Passage {
  title: string;
  paragraphs: string[];
}

/** A multiple-choice question about a text. */
export interface Choice {
  kind: 'choice';
  passage: Passage;
  text: string;
  options: string[];
  /** Index of the correct option. */
  correct: number;
}

export type Question = Sum | Split | Choice;

/** The correct answer: a number, or the index of an option. */
export function solutionOf(question: Question): number {
  switch (question.kind) {
    case 'sum':
      return question.missing === 'right' ? question.right : question.result;
    case 'split':
      return question.whole - question.part;
    case 'choice':
      return question.correct;
  }
}

/** Parses a typed or chosen answer; null if it is invalid. */
export function readAnswer(question: Question, text: string): number | null {
  if (!/^\s*\d{1,6}\s*$/.test(text)) return null;
  const number = Number(text);
  return question.kind === 'choice' && number >= question.options.length ? null : number;
}
