/** The year in the name of a class, with what is before and after it: `3A`, `K2`, `5 Latijn`; null if there is none. */
export interface NumberedName {
  before: string;
  year: number;
  after: string;
}

export function numbered(name: string): NumberedName | null {
  const parts = /^(\D{0,20}?)(\d{1,2})(?!\d)(.*)$/su.exec(name.trim());
  if (parts === null) return null;
  const [, before, year, after] = parts;
  return { before: before as string, year: Number(year), after: after as string };
}

const seriesOf = ({ before }: NumberedName): string => before.trim().toLowerCase();

/**
 * What is proposed for a class: the same name with the next year, if the school has a class of that year in the same series; `leaves` for the last
 * year of the only series, or of the series that begins with the highest year; otherwise null, because the name does not say it.
 *
 * @param all names of all classes of the school this year
 */
export function nextName(name: string, all: readonly string[]): string | 'leaves' | null {
  const own = numbered(name);
  if (own === null) return null;
  const others = all.map(numbered);
  const series = others.flatMap((one) => (one !== null && seriesOf(one) === seriesOf(own) ? [one.year] : []));
  if (series.includes(own.year + 1)) return `${own.before}${own.year + 1}${own.after}`;
  // K3 goes to L1, which the name does not say.
  const isOnlySeries = others.every((one) => one !== null && seriesOf(one) === seriesOf(own));
  return isOnlySeries && own.year === Math.max(...series) ? 'leaves' : null;
}
