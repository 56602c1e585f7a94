/** Files with one message. */
export const mostFiles = 5;
