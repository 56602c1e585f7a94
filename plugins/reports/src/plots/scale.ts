/** The smallest round number (1, 2 or 5 with zeros) that is at least `most`; 10 at least, so that small numbers look small. */
export function roundTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(10, most)));
  return ([1, 2, 5, 10].find((step) => step * power >= most) as number) * power;
}

/** Lines of a grid: 0, half and top. */
export const gridOf = (top: number): number[] => [0, top / 2, top];
