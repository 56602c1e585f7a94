/** Letters without a decomposition in Unicode, and the one that stands for them. */
const plain: Record<string, string> = {
  ı: 'i',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ħ: 'h',
  Ħ: 'H',
  ŧ: 't',
  Ŧ: 'T',
  ĸ: 'k',
  ŋ: 'n',
  Ŋ: 'N',
};

/**
 * Text as a font can draw it: a letter that it lacks is drawn without its mark, and one of another script as `?`. The public page of a
 * certificate has the text as it is.
 *
 * @param has whether the font has a sign for a code point
 */
export const printable = (text: string, has: (codePoint: number) => boolean): string =>
  [...text.normalize('NFC')]
    .map((letter) => {
      const known = (sign: string) => sign !== '' && has(sign.codePointAt(0) as number);
      if (known(letter) || letter === '\n') return letter;
      const base = plain[letter] ?? letter.normalize('NFD')[0] ?? '';
      return known(base) ? base : '?';
    })
    .join('');
