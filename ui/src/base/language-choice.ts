/** Key in `localStorage` of the language chosen on this device. */
export const CHOSEN_LANGUAGE = 'ilearn.language';

/**
 * The language chosen on this device, or the first of the browser's languages that the portal has, or the portal's first language.
 * @param spoken the portal's languages
 */
export function wishedLanguage(spoken: readonly string[]): string {
  const wishes = [localStorage.getItem(CHOSEN_LANGUAGE), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  return wishes.find((wish): wish is string => wish !== null && spoken.includes(wish)) ?? spoken[0] ?? 'nl';
}
