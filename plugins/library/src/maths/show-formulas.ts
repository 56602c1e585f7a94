import { Yielder } from '@ilearn/core';
import { findFormulas } from './find-formulas.js';
import { mathMl } from './mathml.js';

/** Limits of one text; further formulas are not converted to MathML. */
const maxFormulas = 2_000;
const maxMathMl = 2_000_000;

/** Replaces the TeX formulas of a text by MathML. Invalid TeX is shown as code. */
export async function showFormulas(markdown: string): Promise<string> {
  const formulas = findFormulas(markdown).slice(0, maxFormulas);
  if (formulas.length === 0) return markdown;
  const yielder = new Yielder();
  let began = performance.now();
  const parts: string[] = [];
  let written = 0;
  let at = 0;
  for (const { start, end, tex, display } of formulas) {
    // One formula may take as long as many rows of other work, so check the time before each.
    if (performance.now() - began > 10) {
      await yielder.yield();
      began = performance.now();
    }
    const shown = (written < maxMathMl ? mathMl(tex, display) : null) ?? code(tex);
    parts.push(markdown.slice(at, start), shown);
    written += shown.length;
    at = end;
  }
  return [...parts, markdown.slice(at)].join('');
}

const code = (tex: string): string => `<code>${tex.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</code>`;
