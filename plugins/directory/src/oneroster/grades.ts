/** Codes of OneRoster (CEDS "Grade level") for the years before primary school. */
const before = new Set(['IT', 'PR', 'PK', 'TK', 'KG']);

/**
 * The lowest year in the `grades` of a class (OneRoster 1.2 CSV binding, `classes.csv`; codes of CEDS): 1 is the first year of primary school,
 * 7 the first of secondary school, 0 earlier.
 *
 * @returns null if there is none, or none that is a year. It only decides how pages look, so it is no fault of the file.
 */
export function lowestGrade(grades: string | null): number | null {
  const years = (grades ?? '').split(',').flatMap((code) => {
    const text = code.trim().toUpperCase();
    if (before.has(text)) return [0];
    const year = /^0?([1-9]|1[0-3])$/.exec(text)?.[1];
    return year === undefined ? [] : [Math.min(12, Number(year))];
  });
  return years.length === 0 ? null : Math.min(...years);
}
