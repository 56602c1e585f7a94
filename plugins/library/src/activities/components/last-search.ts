let last = '/bibliotheek';

/** Keeps the search that led to an activity, so that the way back leads to it. */
export const rememberSearch = (address: string): void => {
  last = address;
};

export const lastSearch = (): string => last;
