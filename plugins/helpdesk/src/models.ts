/** Objection models of the tables. */
export const models = {};
