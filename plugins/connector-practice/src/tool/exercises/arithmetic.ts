import type { Question, Split, Sum } from './question.js';
import { between, distinct, oneOf, shuffled } from './random.js';

/** Number of questions in a set of sums. */
export const setSize = 10;

const sum = (left: number, sign: Sum['sign'], right: number, missing: Sum['missing'] = 'result'): Sum => {
  const results = { '+': left + right, '−': left - right, '×': left * right, ':': left / right };
  return { kind: 'sum', left, sign, right, result: results[sign], missing };
};

/** Splitting whole numbers up to ten. */
export function splits(): Question[] {
  return distinct<Split>(setSize, () => {
    const whole = between(4, 10);
    return { kind: 'split', whole, part: between(1, whole - 1) };
  });
}

/** Addition and subtraction within 20; half of them cross ten. */
export function plusMinus20(): Question[] {
  const crossing = [
    ...distinct(3, () => {
      const left = between(3, 9);
      return sum(left, '+', between(11 - left, 9));
    }),
    ...distinct(2, () => {
      const left = between(11, 18);
      return sum(left, '−', between(left - 9, 9));
    }),
  ];
  const plain = [
    ...distinct(2, () => {
      const left = between(10, 17);
      return sum(left, '+', between(1, 19 - left));
    }),
    ...distinct(3, () => {
      const left = between(12, 19);
      return sum(left, '−', between(1, left - 10));
    }),
  ];
  return shuffled([...crossing, ...plain]);
}

/** Addition and subtraction within 100: a two-digit number and a number of one or two digits. */
export function plusMinus100(): Question[] {
  return distinct(setSize, () => {
    if (between(0, 1) === 0) {
      const left = between(12, 79);
      return sum(left, '+', between(3, Math.min(59, 100 - left)));
    }
    const left = between(31, 99);
    return sum(left, '−', between(3, left - 10));
  });
}

/** Completing to one hundred, or to the next ten. */
export function complete100(): Question[] {
  return distinct(setSize, () => {
    const left = between(11, 96);
    const target = between(0, 2) === 0 ? Math.ceil((left + 1) / 10) * 10 : 100;
    return sum(left, '+', target - left, 'right');
  });
}

const timesTables = (tables: readonly number[]) => (): Question[] =>
  distinct(setSize, () => {
    const [one, other] = [oneOf(tables), between(1, 10)];
    return between(0, 1) === 0 ? sum(one, '×', other) : sum(other, '×', one);
  });

export const easyTables = timesTables([2, 5, 10]);
export const allTables = timesTables([2, 3, 4, 5, 6, 7, 8, 9]);

/** Division: the multiplication tables reversed. */
export function divisions(): Question[] {
  return distinct(setSize, () => {
    const divisor = between(2, 10);
    return sum(divisor * between(1, 10), ':', divisor);
  });
}
