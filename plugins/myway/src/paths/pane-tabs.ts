import type { LitElement } from 'lit';
import { html } from 'lit';

interface Tabs<Pane extends string> {
  label: string;
  tabs: readonly Pane[];
  shown: Pane;
  words(pane: Pane): string;
  show(pane: Pane): void;
}

/** One of several panes, with tabs above it. Arrow keys move between the tabs, as in the ARIA tabs pattern. */
export function paneTabs<Pane extends string>(
  host: LitElement,
  { label, tabs, shown, words, show }: Tabs<Pane>,
  content: unknown,
) {
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = tabs[(tabs.indexOf(shown) + step + tabs.length) % tabs.length] as Pane;
    show(to);
    void host.updateComplete.then(() => host.renderRoot.querySelector<HTMLElement>(`#tab-${to}`)?.focus());
  };
  return html`
    <div>
      <div class="tabs" role="tablist" aria-label=${label}>
        ${tabs.map(
          (pane) => html`<button
            type="button"
            role="tab"
            id="tab-${pane}"
            aria-controls="panel"
            aria-selected=${String(pane === shown)}
            tabindex=${pane === shown ? 0 : -1}
            @click=${() => show(pane)}
            @keydown=${keys}
          >${words(pane)}</button>`,
        )}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby="tab-${shown}">${content}</div>
    </div>
  `;
}
