/** Trims a text, and replaces each run of white space (including line breaks) by one space, as texts in claims must be. */
export const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
