/** No school in Flanders has it. */
export const sandboxNumber = '000000';
