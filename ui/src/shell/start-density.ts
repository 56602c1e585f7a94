/** Key in the device's storage: the layout that the start page had last, for the first picture of the next visit. */
export const START_DENSITY = 'ilearn.start';
