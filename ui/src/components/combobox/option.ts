/** One choice of `<il-combobox>`. */
export interface ComboboxOption {
  value: string;
  label: string;
  /** Second line. */
  detail?: string;
  icon?: string;
  disabled?: boolean;
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** Options whose label or detail contains every word of the text, ignoring accents and case. */
export function matching(options: readonly ComboboxOption[], text: string): ComboboxOption[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  return options.filter((option) => {
    const whole = plain(`${option.label} ${option.detail ?? ''}`);
    return words.every((word) => whole.includes(word));
  });
}
