import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, formatMinutes, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { tabStyles } from '../../shared/tabs.js';
import type { suggestionRoutes } from '../suggestion-routes.js';

type Loaded = Answer<typeof suggestionRoutes, 'GET', '/suggestions'>;
type Suggestion = Loaded['suggestions'][number];

/** Trainings for the signed-in person, each with the reason; and the foci about which they want to hear. */
@customElement('academy-suggested')
export class Suggested extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
      }
      .head h2 {
        flex: 1;
      }
      .choices {
        display: grid;
        gap: var(--il-space-2);
        padding: 0;
        list-style: none;
      }
    `,
  ];

  @state() private choosing = false;
  @state() private chosen: ReadonlySet<string> = new Set();

  readonly #loaded = new Task(this, {
    task: (_, { signal }) => academy.get('/suggestions', { signal }),
    args: () => [] as const,
  });

  override render() {
    const loaded = this.#loaded.value;
    // Nothing of the catalogue waits for it, or fails with it.
    if (loaded === undefined || (loaded.suggestions.length === 0 && loaded.offered.length === 0)) return nothing;
    return html`<section class="stack" aria-labelledby="suggested">
        <div class="head">
          <h2 id="suggested">${this.t('suggested.title')}</h2>
          <wa-button size="s" appearance="outlined" @click=${() => this.#open(loaded)}>${this.t('suggested.choose')}</wa-button>
        </div>
        ${
          loaded.suggestions.length === 0
            ? html`<p class="muted">${this.t(loaded.chosen.length === 0 ? 'suggested.nothingChosen' : 'suggested.nothing')}</p>`
            : html`<ul class="list">${loaded.suggestions.map((each) => this.#suggestion(each))}</ul>`
        }
      </section>
      ${this.#dialog(loaded)}`;
  }

  #suggestion({ id, title, providerName, minutes, nextAt, foci, tools }: Suggestion) {
    const reasons = [
      ...foci.map((focus) => this.t('suggested.becauseFocus', { focus })),
      ...tools.map((tool) => this.t('suggested.becauseTool', { tool })),
    ];
    return html`<li>
      <a class="row" href="/academie/vorming/${id}">
        <span class="grow">
          <span class="strong">${title}</span><br />
          <span class="small muted">${[providerName, formatMinutes(minutes), nextAt === null ? '' : formatDate(nextAt, 'day')].filter(Boolean).join(' · ')}</span><br />
          <span class="small">${reasons.join(' · ')}</span>
        </span>
      </a>
    </li>`;
  }

  #dialog({ offered, chosen }: Loaded) {
    // What is offered no longer can still be left out.
    const foci = [...new Set([...offered, ...chosen])];
    return html`<il-dialog heading=${this.t('suggested.choose')} .open=${this.choosing} @il-close=${() => this.#close()}>
      <div class="stack">
        <p>${this.t('suggested.note')}</p>
        <ul class="choices">
          ${foci.map(
            (focus) => html`<li>
              <wa-checkbox ?checked=${this.chosen.has(focus)} @change=${() => this.#toggle(focus)}>${focus}</wa-checkbox>
            </li>`,
          )}
        </ul>
      </div>
      <wa-button slot="footer" variant="brand" @click=${() => this.#save()}>${this.t('edit.save')}</wa-button>
    </il-dialog>`;
  }

  #open({ chosen }: Loaded): void {
    this.chosen = new Set(chosen);
    this.choosing = true;
  }

  #close(): void {
    this.choosing = false;
  }

  #toggle(focus: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(focus)) next.add(focus);
    this.chosen = next;
  }

  async #save(): Promise<void> {
    try {
      await academy.put('/my-interests', { body: { foci: [...this.chosen].slice(0, 20) } });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
      return;
    }
    this.#close();
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-suggested': Suggested;
  }
}
