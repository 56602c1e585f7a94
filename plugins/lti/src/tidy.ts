/** Removes white space around a text, and replaces each run of it (line breaks too) by one space: the form of text in claims. */
export const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
