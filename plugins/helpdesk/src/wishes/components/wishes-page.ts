import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { wishesRoutes } from '../routes.js';
import { roadmapStates, type WishState, wishStates } from '../states.js';
import './wish-dialog.js';
import { wishState } from './wish-state.js';
import './wish-voice.js';

type Wish = Answer<typeof wishesRoutes, 'GET', '/wishes'>['wishes'][number];
const views = ['all', 'mine', 'roadmap', 'handed'] as const;
type View = (typeof views)[number];

/** `/wensen`: the ledger of wishes, and the roadmap. */
@customElement('helpdesk-wishes-page')
export class WishesPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      .row a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        font-weight: 600;
      }
      .row {
        flex-wrap: wrap;
      }
      .row .grow {
        flex-basis: 18rem;
      }
      .roadmap {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
        gap: var(--il-space-5);
        align-items: start;
      }
      .roadmap h2 {
        margin: 0 0 var(--il-space-2);
        font-size: var(--il-text-m);
      }
    `,
  ];

  @state() private view: View = 'all';
  @state() private q = '';
  @state() private adding = false;
  readonly #pause = new TypingPause(this);

  readonly #wishes = new Task(this, {
    task: async ([view, q], { signal }) => {
      const state: WishState[] = view === 'roadmap' ? [...roadmapStates] : [...wishStates];
      return helpdesk.get('/wishes', {
        query: { q, state, limit: 100, mine: String(view === 'mine'), handed: String(view === 'handed') },
        signal,
      });
    },
    args: () => [this.view, this.q] as const,
  });

  override render() {
    const shown = views.filter((view) => view !== 'handed' || this.can('helpdesk:answer-wishes'));
    return html`<div class="page">
      <il-page-head heading=${this.t('wishes.title')}>
        <p>${this.t('wishes.about')}</p>
        ${
          this.can('helpdesk:wish')
            ? html`<wa-button slot="actions" variant="brand" @click=${() => this.#add(true)}><il-icon slot="start" name="lightbulb"></il-icon>${this.t('wishes.add')}</wa-button>`
            : nothing
        }
      </il-page-head>
      <div class="toolbar">
        <wa-radio-group
          orientation="horizontal"
          label=${this.t('wishes.show')}
          .value=${this.view}
          @change=${(event: Event) => this.#show((event.target as HTMLInputElement).value as View)}
        >
          ${shown.map((view) => html`<wa-radio appearance="button" value=${view}>${this.t(`wishes.views.${view}`)}</wa-radio>`)}
        </wa-radio-group>
        <wa-input
          type="search"
          label=${this.t('wishes.search')}
          @input=${(event: Event) => this.#pause.after(() => this.#search((event.target as HTMLInputElement).value))}
        ></wa-input>
      </div>
      ${this.#wishes.render({
        pending: () => (this.#wishes.value ? this.#content(this.#wishes.value) : html`<il-skeleton lines="6"></il-skeleton>`),
        complete: (found) => this.#content(found),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#wishes.run()}></il-problem>`,
      })}
      <helpdesk-wish-dialog .open=${this.adding} @il-close=${() => this.#add(false)} @helpdesk-wished=${() => this.#wishes.run()}></helpdesk-wish-dialog>
    </div>`;
  }

  #add(open: boolean): void {
    this.adding = open;
  }

  #show(view: View): void {
    this.view = view;
  }

  #search(q: string): void {
    this.q = q.trim();
  }

  #content({ wishes, more }: { wishes: Wish[]; more: boolean }) {
    if (wishes.length === 0) {
      return html`<il-empty icon="lightbulb" heading=${this.t(`wishes.empty.${this.view}`)} text=${this.t('wishes.emptyHint')}></il-empty>`;
    }
    const list = this.view === 'roadmap' ? this.#roadmap(wishes) : this.#list(wishes);
    return html`${list}<il-truncated ?more=${more} shown=${wishes.length}></il-truncated>`;
  }

  #roadmap(wishes: Wish[]) {
    return html`<div class="roadmap">
      ${roadmapStates.map((each) => {
        const own = wishes.filter(({ state }) => state === each);
        return html`<section class="panel" aria-labelledby=${each}>
          <h2 id=${each}>${this.t(`wishes.states.${each}`)}</h2>
          ${own.length === 0 ? html`<p class="muted">${this.t('wishes.noneThere')}</p>` : this.#list(own)}
        </section>`;
      })}
    </div>`;
  }

  #list(wishes: Wish[]) {
    return html`<ul class="list">
      ${wishes.map(
        (wish) => html`<li class="row">
          <span class="grow">
            <a href=${`/wensen/${wish.id}`}>${wish.title}</a><br />
            <span class="small muted">
              ${this.t('wishes.people', { count: wish.people })} · ${this.t('wishes.schools', { count: wish.schools })}
              ${wish.providerName === '' ? nothing : ` · ${this.t('wishes.with', { name: wish.providerName })}`}
            </span>
          </span>
          ${this.view === 'roadmap' ? nothing : wishState((key) => this.t(key), wish.state)}
          <helpdesk-wish-voice .wish=${wish} @helpdesk-voiced=${() => this.#wishes.run()}></helpdesk-wish-voice>
        </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-wishes-page': WishesPage;
  }
}
