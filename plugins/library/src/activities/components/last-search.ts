let last = '/bibliotheek';

/** Remembers the search that led to an activity, for the link back to it. */
export const rememberSearch = (address: string): void => {
  last = address;
};

export const lastSearch = (): string => last;
