import { describe, expect, it } from 'vitest';
import { Matcher } from '../src/shell/matcher.js';

const matcher = new Matcher(
  ['/', '/paden', '/paden/:id', '/paden/nieuw', '/mijn-paden/:assignment/stap/:step', '/:any/vast'].map((path) => ({ path })),
);
const found = (path: string) => {
  const match = matcher.match(path);
  return match && [match.target.path, match.params];
};

describe('the page for a path', () => {
  it('prefers fixed segments to parameters, in any order of the pages', () => {
    expect(found('/paden/nieuw')).toEqual(['/paden/nieuw', {}]);
    expect(found('/paden/12')).toEqual(['/paden/:id', { id: '12' }]);
    expect(found('/paden/vast')).toEqual(['/paden/:id', { id: 'vast' }]);
    expect(found('/x/vast')).toEqual(['/:any/vast', { any: 'x' }]);
  });

  it('prefers them whatever pages of other lengths there are between them', () => {
    const paths = ['/a', '/a/b/:id', '/a/:x/m/n', '/a/b/new', '/:y'];
    const orders = (rest: string[]): string[][] =>
      rest.length < 2
        ? [rest]
        : rest.flatMap((first) => orders(rest.filter((each) => each !== first)).map((after) => [first, ...after]));
    for (const order of orders(paths)) {
      expect(new Matcher(order.map((path) => ({ path }))).match('/a/b/new')?.target.path, order.join(' ')).toBe('/a/b/new');
    }
  });

  it('decodes parameters and accepts a trailing slash', () => {
    expect(found('/mijn-paden/a%20b/stap/%C3%A9/')).toEqual([
      '/mijn-paden/:assignment/stap/:step',
      { assignment: 'a b', step: 'é' },
    ]);
    expect(found('/')).toEqual(['/', {}]);
  });

  it('finds nothing for an unknown page', () => {
    expect(found('/paden/12/13')).toBeUndefined();
    expect(found('/paden/%E0%A4%A')).toBeUndefined();
    expect(found('/Paden')).toBeUndefined();
  });
});
