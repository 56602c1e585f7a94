/** How easily a Dutch text is read. */
export interface Readability {
  /**
   * Flesch-Douma, from 0 (very hard) to 100 and above (very easy): 206.84 − 77 × syllables per word − 0.93 × words per sentence
   * (W. H. Douma, De leesbaarheid van landbouwbladen, 1960).
   */
  ease: number;
  /** Words in the longest sentence. */
  longest: number;
}

const vowels = /ieu|eeu|aai|ooi|oei|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|au|ou|[aeiouyáéíóúàèëïöü]/gi;

/** The readability of sentences, each a text of its own or several in one. */
export function readabilityOf(texts: readonly string[]): Readability {
  const sentences = texts.flatMap((text) => text.split(/[.?!]+/)).map((sentence) => sentence.match(/[\p{L}’-]+/gu) ?? []);
  const read = sentences.filter((words) => words.length > 0);
  const words = read.flat();
  const syllables = words.reduce((sum, word) => sum + Math.max(1, word.match(vowels)?.length ?? 0), 0);
  return {
    ease: 206.84 - 77 * (syllables / words.length) - 0.93 * (words.length / read.length),
    longest: Math.max(...read.map(({ length }) => length)),
  };
}
