import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFormulas } from '../src/maths/find-formulas.js';
import { mathMl } from '../src/maths/mathml.js';
import { showFormulas } from '../src/maths/show-formulas.js';

const found = (text: string) => findFormulas(text).map(({ tex, display }) => (display ? `[${tex}]` : tex));

describe('content D5: formulas of a text', () => {
  it('content D5: become MathML, inline and as blocks', async () => {
    const text = await showFormulas('\\\\(x^2\\\\) en \\\\[y=\\frac{1}{n}\\\\]');
    expect(text).toBe(
      '<math><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math> en <math display="block"><mrow><mi>y</mi><mo>&#61;</mo><mfrac><mn>1</mn><mi>n</mi></mfrac></mrow></math>',
    );
  });

  it.each([
    ['between Markdown’s double backslashes', 'rij \\\\(u_{n}\\\\) en \\\\[\nv_n\n\\\\]', ['u_{n}', '[\nv_n\n]']],
    ['with rows, which Markdown makes of three backslashes', '\\\\[a \\\\\\ b\\\\]', ['[a \\\\ b]']],
    [
      'between dollars, where the source means it',
      'groei $a > 1$, $K$ en $$\\dot{y} = f(y)$$',
      ['a > 1', 'K', '[\\dot{y} = f(y)]'],
    ],
    ['not of money', 'minder dan $ 1,90 of $5 en $10, van $5 tot 10$, US$100 en C$50 per $', []],
    ['not escaped', '\\$a^2\\$ en \\$a^2$', []],
    ['not in code', '`$a^2$` en ``\\\\(x\\\\)``\n```\n$$a^2$$\n```\n~~~\n\\\\(x\\\\)\n~~~', []],
    ['not over an empty line, empty, or without an end', '\\\\(a\n\nb\\\\) \\\\(\\\\) \\\\( x $a^2', []],
    ['not of more than 2,000 characters', `\\\\(${'x'.repeat(2_001)}\\\\)`, []],
  ])('are %s', (_what, text, formulas) => {
    expect(found(text)).toEqual(formulas);
  });

  it('are escaped so that Markdown does not interpret them', () => {
    const markup = mathMl('a*b*c_{d} | \\text{[x](y) `z` www.a.be} < \\& ~', false) as string;
    expect(markup.replace(/<[^<>]+>|&#\d+;/g, '')).not.toMatch(/[!-/:-@[-`{-~]/);
  });

  it('that are not valid stay readable, as code', async () => {
    expect(await showFormulas('\\\\(\\frac{1\\\\) en \\\\(\\onzin\\\\)')).toBe(
      '<code>&#92;frac&#123;1</code> en <code>&#92;onzin</code>',
    );
  });

  it.each([
    ['\\href{javascript:alert(1)}{x}'],
    ['\\url{https://example.org}'],
    ['\\includegraphics[height=1em]{https://example.org/a.png}'],
    ['\\htmlClass{page}{x} \\htmlId{main}{x} \\htmlStyle{position:fixed}{x} \\htmlData{a=b}{x}'],
    ['\\text{<script>alert(1)</script><img src=x onerror=alert(1)>}'],
    ['\\def\\a{x}\\a'],
    ['\\let\\b=\\a \\gdef\\c{\\c\\c}\\c \\newcommand{\\d}{\\d}\\d \\global\\long\\edef\\e{\\e}'],
    ['\\rule{99999em}{99999em}\\hspace{-9999em}\\raisebox{9999em}{x}\\kern9999em'],
  ])('from untrusted authors do nothing: %s', (tex) => {
    const tags = (mathMl(tex, true) ?? '').replace(/>[^<>]+</g, '><');
    expect(tags).not.toMatch(/<(?!\/?m[a-z]+[\s>/])|href|src=|class=|\sid=|style="[^"]*position|javascript:|9999/i);
  });

  it('of hostile authors are bounded in size, and their conversion yields to others', { timeout: 60_000 }, async () => {
    const pieces = [
      '\\frac{1}{',
      '\\sqrt{',
      '{',
      'x^{',
      '\\left(',
      '\\begin{matrix}',
      '\\mathbf{\\mathrm{',
      '&\\\\',
      '\\overbrace{',
    ];
    const formulas = pieces.flatMap((piece) => {
      const times = Math.floor(1_900 / piece.length);
      return [piece.repeat(times), piece.repeat(times / 2) + '}'.repeat(times / 2)];
    });
    const text =
      formulas
        .map((tex) => `\\\\(${tex}\\\\)`)
        .join(' ')
        .repeat(3) + '`$\\\\(\\\\['.repeat(30_000);
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 1);
    const shown = await showFormulas(text);
    clearInterval(others);
    expect(turns).toBeGreaterThan(1);
    expect(shown.length).toBeLessThan(3_000_000);
  });

  it('are found safely in any text, each within its limits', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('\\\\(', '\\\\)', '\\\\[', '\\\\]', '$', '$$', '`', '```\n', '\\', '\n\n', 'x^2'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        let last = 0;
        for (const { start, end } of findFormulas(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
