/*
 * Runs in each page of `ilearn dev`: reloads it when a newer edition of the portal serves, and covers it with what is wrong with the newest.
 * The page's content security policy allows no inline styles, so they are set by script.
 */
interface Shown {
  edition: number;
  problems: { where: string; message: string; remedy?: string }[];
}

const edition = Number(document.getElementById('ilearn-dev')?.dataset['edition']);
let overlay: HTMLElement | undefined;

const styles = new CSSStyleSheet();
styles.replaceSync(`
  :host { position: fixed; inset: 0; z-index: 2147483647; overflow: auto; background: rgb(20 20 24 / 94%); color: #fff;
    font: 16px/1.5 ui-monospace, monospace; padding: 2rem; }
  h1 { font-size: 1.25rem; margin: 0 0 1rem; color: #ff9a8b; }
  h2 { font-size: 1rem; margin: 1.5rem 0 0.25rem; color: #ffd479; }
  pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
  p { margin: 0.25rem 0 0; }
  button { float: right; font: inherit; padding: 0.25rem 0.75rem; }
`);

function show(problems: Shown['problems']): void {
  overlay?.remove();
  overlay = undefined;
  if (problems.length === 0) return;
  overlay = document.createElement('ilearn-dev-overlay');
  overlay.setAttribute('role', 'alert');
  const root = overlay.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [styles];
  const add = (tag: string, text: string) => {
    const element = document.createElement(tag);
    element.textContent = text;
    root.append(element);
    return element;
  };
  add('button', 'Close').addEventListener('click', () => overlay?.remove());
  add('h1', problems.length === 1 ? '1 fault' : `${problems.length} faults`);
  for (const { where, message, remedy } of problems) {
    add('h2', where);
    add('pre', message);
    if (remedy !== undefined) add('p', `→ ${remedy}`);
  }
  document.documentElement.append(overlay);
}

new EventSource('/@dev/events').addEventListener('message', ({ data }) => {
  const state = JSON.parse(data as string) as Shown;
  if (state.edition === edition) show(state.problems);
  else location.reload();
});

export {};
