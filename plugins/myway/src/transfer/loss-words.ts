import type { PortalElement } from '@ilearn/ui';
import type { Loss } from './format.js';

/** What a file cannot carry, one line for each kind: "een keuze, als map: Kies er twee, Nog een". */
export function lossWords(element: PortalElement, lost: readonly Loss[]): string[] {
  const titles = new Map<Loss['code'], string[]>();
  for (const { code, title } of lost) titles.set(code, [...(titles.get(code) ?? []), ...(title === '' ? [] : [title])]);
  return [...titles].map(([code, of]) => {
    const words = element.t(`transfer.code.${code}`);
    return of.length === 0 ? words : `${words}: ${of.join(', ')}`;
  });
}
