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

/** What the standard fonts of PDF have (WinAnsiEncoding): Latin-1 and some signs. */
const known = /[\u0020-\u007e\u00a0-\u00ffŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]/u;

/**
 * Text as the standard fonts of PDF can draw it: a letter that they lack is drawn without its mark (`Şahin` as `Sahin`), and one of another
 * script as `?`. The public page of a certificate has the text as it is.
 */
export const printable = (text: string): string =>
  [...text.normalize('NFC')]
    .map((letter) => {
      if (known.test(letter) || letter === '\n') return letter;
      const base = plain[letter] ?? letter.normalize('NFD')[0] ?? '';
      return known.test(base) ? base : '?';
    })
    .join('');
