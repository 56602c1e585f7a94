/** The tool's only style sheet. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fdf8ee, #1f1c18);
  --sheet: light-dark(#ffffff, #2a2621);
  --ink: light-dark(#241f18, #f6efe2);
  --soft: light-dark(#6a5f50, #c2b6a2);
  --rule: light-dark(#d8ccb8, #4c453b);
  --go: light-dark(#0b5c53, #7fd3c4);
  --go-ink: light-dark(#ffffff, #10201d);
  --right: light-dark(#1d6b2c, #8fdc9b);
  --wrong: light-dark(#a3450c, #ffb37f);
  font: 1.25rem/1.5 "Atkinson Hyperlegible Next", "Atkinson Hyperlegible", system-ui, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p { margin: 0 0 1rem; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 4px solid var(--go); outline-offset: 3px; }

button, a.main { display: inline-flex; align-items: center; justify-content: center; min-height: 4rem; min-width: 4rem; padding: .5rem 2rem; font: inherit; font-weight: 700;
  color: var(--ink); background: transparent; border: 3px solid var(--rule); border-radius: 1rem; text-decoration: none; cursor: pointer; }
button.main, a.main { color: var(--go-ink); background: var(--go); border-color: var(--go); }
button:hover, a.main:hover { filter: brightness(1.08); }

.line { display: flex; align-items: center; margin: 0 0 2rem; padding: 0; position: relative; justify-content: space-between; }
.line::before { content: ""; position: absolute; left: .5rem; right: .5rem; height: 6px; border-radius: 3px; background: var(--rule); }
.line i { position: relative; width: 1.25rem; height: 1.25rem; border-radius: 50%; border: 4px solid var(--rule); background: var(--paper); display: grid; place-items: center; font-style: normal; }
.line .now { border-color: var(--go); width: 1.75rem; height: 1.75rem; }
.line .right { border-color: var(--right); background: var(--right); }
.line .wrong { border-color: var(--wrong); background: linear-gradient(45deg, var(--paper) 50%, var(--wrong) 50%); }

.sum { display: grid; gap: 1.5rem; justify-items: center; padding: 1rem 0; }
.written { display: flex; align-items: center; justify-content: center; gap: .35em; font-size: clamp(1.5rem, 9vw, 4rem); line-height: 1.2; margin: 0; font-variant-numeric: tabular-nums; }
.written b, .parts b { font-weight: 700; }
.sum input { font: inherit; font-weight: 700; width: 2.3em; text-align: center; padding: .1em; color: var(--ink); background: var(--sheet); border: 4px solid var(--go); border-radius: 1rem; }
.bond { font-size: clamp(2.5rem, 11vw, 3.5rem); text-align: center; line-height: 1.2; }
.bond .whole { font-weight: 700; margin: 0; }
.legs { display: block; width: 5em; margin: 0 auto .1em; fill: none; stroke: var(--rule); stroke-width: 5; stroke-linecap: round; }
.bond .parts { display: grid; grid-template-columns: 2.3em 2.3em; gap: .6em; align-items: center; justify-content: center; margin: 0; }
/* Rows of five: a child sees five and two without counting. */
.dots { display: grid; grid-template-columns: repeat(5, 1.5rem); justify-content: center; gap: .5rem; margin: 1.75rem 0 0; }
.dots i { width: 1.5rem; height: 1.5rem; border-radius: 50%; border: 4px solid var(--go); }
.dots .counted { background: var(--go); }
.hint { color: var(--wrong); font-weight: 700; margin: 0; }

.passage { background: var(--sheet); border-radius: 1rem; padding: 1.25rem 1.5rem .5rem; font-size: 1.3rem; line-height: 1.7; }
.passage h2 { margin: 0 0 .5rem; }
.reading { display: grid; gap: 2rem; }
@media (min-width: 60rem) {
  main:has(.reading) { max-width: 68rem; }
  .reading { grid-template-columns: 3fr 2fr; align-items: start; }
}
fieldset { border: 0; min-width: 0; padding: 0; margin: 0 0 1.5rem; display: grid; gap: .75rem; }
legend { font-weight: 700; padding: 0; margin-bottom: .75rem; font-size: 1.3rem; }
.option { display: flex; gap: 1rem; align-items: center; min-height: 4rem; padding: .5rem 1.25rem; border: 3px solid var(--rule); border-radius: 1rem; background: var(--sheet); cursor: pointer; }
.option:has(:checked) { border-color: var(--go); }
.option:has(:focus-visible) { outline: 4px solid var(--go); outline-offset: 3px; }
.option input { width: 1.75rem; height: 1.75rem; flex: none; accent-color: var(--go); outline: none; }

.feedback { display: grid; gap: 1.5rem; justify-items: center; text-align: center; padding: 1rem 0; }
.verdict { font-size: 1.6rem; font-weight: 700; margin: 0 0 .5rem; }
.feedback.right .verdict::before { content: "✓ " / ""; color: var(--right); }
.feedback.wrong .verdict { color: var(--wrong); }
.solution { font-size: 2.25rem; font-weight: 700; margin: 0; font-variant-numeric: tabular-nums; }
.solution[lang] { font-size: 1.5rem; }

/* The way out, above the title: quieter than the way on. */
.out { margin: 0 0 .5rem; }
.out a { display: inline-flex; align-items: center; min-height: 3rem; color: var(--soft); font-size: 1rem; }
.own { margin: .75rem 0 0; color: var(--soft); overflow-wrap: anywhere; }
.review .own { margin: .25rem 0 0; font-size: 1rem; }
.delivery { color: var(--soft); }
.delivery.failed { color: var(--wrong); }
.actions { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: 1.5rem; }
.review { list-style: none; padding: 0; margin: 0; }
.review li { padding: .6rem 0 .6rem 2.25rem; border-top: 2px solid var(--rule); position: relative; }
.review li::before { position: absolute; left: .25rem; font-weight: 700; }
.review .right::before { content: "✓" / ""; color: var(--right); }
.review .wrong::before { content: "•" / ""; color: var(--wrong); }
.detail { margin-top: 2.5rem; font-size: 1rem; color: var(--soft); overflow-wrap: anywhere; }
`;
