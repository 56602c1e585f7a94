import { foreignLanguage, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { AffectedPath, DeadActivity, Replacement } from './model.js';
import './replace-dialog.js';

/** `/paden/vervangen`: activities that no longer work, where they are, and what took the place of others. */
@customElement('myway-replace-page')
export class ReplacePage extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .dead {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: start;
        padding: var(--il-space-4) 0;
        border-bottom: 1px solid var(--il-rule);
      }
      .dead h2 {
        font-size: var(--il-text-m);
        overflow-wrap: anywhere;
      }
      .dead > ul,
      .dead > .paths {
        grid-column: 1 / -1;
      }
      .paths {
        padding-inline-start: var(--il-space-4);
        border-inline-start: 3px solid var(--il-rule);
      }
      .paths li {
        padding-block: var(--il-space-1);
      }
      .made {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
        justify-content: space-between;
        padding: var(--il-space-2) 0;
        border-bottom: 1px solid var(--il-rule);
      }
      @media (max-width: 40rem) {
        .dead {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @state() private activities: DeadActivity[] | undefined;
  @state() private more = false;
  @state() private made: Replacement[] = [];
  @state() private problem: unknown;
  /** The activity for which another is chosen. */
  @state() private replacing: DeadActivity | undefined;
  /** Paths of the activities that were unfolded. */
  @state() private paths: ReadonlyMap<string, AffectedPath[]> = new Map();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const [{ activities, more }, made] = await Promise.all([myway.get('/dead-activities'), myway.get('/replacements')]);
      this.activities = activities;
      this.more = more;
      this.made = made;
      this.paths = new Map();
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #unfold(id: string): Promise<void> {
    if (this.paths.has(id)) {
      this.paths = new Map([...this.paths].filter(([key]) => key !== id));
      return;
    }
    try {
      const { paths } = await myway.get('/dead-activities/:id/paths', { params: { id } });
      this.paths = new Map([...this.paths, [id, paths]]);
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  async #undo(replacement: Replacement): Promise<void> {
    try {
      await myway.post('/replacements/:id/undo', { params: { id: replacement.id } });
      notify({ kind: 'success', text: this.t('replace.undone', { title: replacement.from }) });
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
    await this.#load();
  }

  async #replaced({ detail }: CustomEvent<Replacement>): Promise<void> {
    this.replacing = undefined;
    notify({
      kind: 'success',
      text: this.t('replace.done', { from: detail.from, to: detail.to, count: detail.steps }),
      action: { label: this.t('replace.undo'), run: () => void this.#undo(detail) },
    });
    await this.#load();
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('replace.title')} .back=${{ href: '/paden', text: this.t('paths.title') }}>
          <p>${this.t('replace.intro')}</p>
        </il-page-head>
        ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>` : nothing}
        ${this.#list()} ${this.#history()}
      </div>
      <myway-replace-dialog
        .activity=${this.replacing}
        @il-close=${() => (this.replacing = undefined)}
        @myway-replaced=${this.#replaced}
      ></myway-replace-dialog>
    `;
  }

  #list() {
    if (this.activities === undefined) return this.problem ? nothing : html`<il-skeleton lines="5"></il-skeleton>`;
    if (this.activities.length === 0) {
      return html`<il-empty icon="circle-check" heading=${this.t('replace.empty.heading')} text=${this.t('replace.empty.text')}></il-empty>`;
    }
    return html`
      <ul class="list" aria-label=${this.t('replace.title')}>
        ${repeat(
          this.activities,
          ({ id }) => id,
          (each) => this.#activity(each),
        )}
      </ul>
      <il-truncated ?more=${this.more} shown=${this.activities.length}></il-truncated>
    `;
  }

  #activity(each: DeadActivity) {
    const paths = this.paths.get(each.id);
    const facts = [
      this.t('replace.paths', { count: each.paths + each.sharedPaths }),
      each.classes > 0 ? this.t('replace.classes', { count: each.classes }) : '',
      each.pupils > 0 ? this.t('replace.pupils', { count: each.pupils }) : '',
    ];
    return html`
      <li class="dead">
        <div>
          <h2>${each.title}</h2>
          <p class="small">${this.t(`replace.reason.${each.reason}`)}</p>
          <p class="muted small">${facts.filter(Boolean).join(' · ')}</p>
        </div>
        ${
          each.paths > 0
            ? html`<wa-button appearance="outlined" @click=${() => (this.replacing = each)}>
                ${this.t('replace.choose')}<span class="visually-hidden">${each.title}</span>
              </wa-button>`
            : nothing
        }
        <div>
          <wa-button size="s" appearance="plain" aria-expanded=${paths !== undefined} @click=${() => this.#unfold(each.id)}>
            ${this.t(paths === undefined ? 'replace.where' : 'replace.hide')}<span class="visually-hidden">${each.title}</span>
          </wa-button>
        </div>
        ${paths === undefined ? nothing : this.#where(paths)}
      </li>
    `;
  }

  #where(paths: readonly AffectedPath[]) {
    return html`<ul class="list paths">
      ${paths.map(
        (path) => html`<li>
          <a href="/paden/${path.id}" lang=${foreignLanguage(path.language)}>${path.title}</a>
          <span class="muted small">
            ${[
              path.ofColleague ? this.t('replace.ofColleague') : '',
              path.classes.join(', '),
              path.pupils > 0 ? this.t('replace.pupils', { count: path.pupils }) : '',
              path.changeable ? '' : this.t('replace.shared'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </li>`,
      )}
    </ul>`;
  }

  #history() {
    if (this.made.length === 0) return nothing;
    return html`
      <section aria-labelledby="made">
        <h2 id="made">${this.t('replace.made')}</h2>
        <ul class="list">
          ${this.made.map(
            (each) => html`<li class="made">
              <span>
                ${this.t('replace.madeOne', { from: each.from, to: each.to, count: each.steps })}
                <span class="muted small">${formatDate(each.at, 'time')}</span>
              </span>
              ${
                each.undone
                  ? html`<span class="muted small">${this.t('replace.wasUndone')}</span>`
                  : html`<wa-button size="s" appearance="outlined" @click=${() => this.#undo(each)}>
                      ${this.t('replace.undo')}<span class="visually-hidden">${each.from}</span>
                    </wa-button>`
              }
            </li>`,
          )}
        </ul>
      </section>
    `;
  }
}
