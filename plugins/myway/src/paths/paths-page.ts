import {
  confirmDialog,
  foreignLanguage,
  formatDate,
  formatMinutes,
  languageName,
  notify,
  PortalElement,
  removed,
  sharedStyles,
  TypingPause,
} from '@ilearn/ui';
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { colourOf } from '../client/line.js';
import { inWords, isProblem, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { type Given, givenLinks, givenStyles, namesOf, runningAssignments } from './given.js';
import type { PathSummary } from './model.js';
import { stationsOfPath } from './stations.js';
import './new-path-dialog.js';
import { pathListStyles } from './path-list-styles.js';

/** The lists, by name in the address (`?lijst=gedeeld`) and scope in the API. */
const lists = [
  { name: null, scope: 'own' },
  { name: 'collegas', scope: 'school' },
  { name: 'gedeeld', scope: 'shared' },
] as const;

const pageSize = 50;

/** `/paden`: the teacher's own paths, those of colleagues, and the shared ones. */
@customElement('myway-paths-page')
export class PathsPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, pathListStyles, givenStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private paths: PathSummary[] | undefined;
  /** Running assignments, by path. */
  @state() private given: ReadonlyMap<string, Given[]> = new Map();
  @state() private total = 0;
  @state() private languages: readonly { language: string; count: number }[] = [];
  @state() private language = '';
  @state() private text = '';
  @state() private problem: unknown;
  @state() private making = false;
  @state() private copying: PathSummary | undefined;
  @state() private giving: PathSummary | undefined;

  #asking: AbortController | undefined;
  #endUndo: (() => void) | undefined;
  readonly #typing = new TypingPause(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query') && this.query.has('nieuw')) this.#begin();
    if (changed.has('query') && !(changed.get('query') && this.#listIn(changed.get('query') as URLSearchParams) === this.#list)) {
      this.paths = undefined;
      this.language = '';
      void this.#load();
    }
  }

  /** Opens the dialog for who came to make a path; the address is that of the list again, for when the page is loaded anew. */
  #begin(): void {
    this.#make();
    history.replaceState(history.state, '', location.pathname);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#loadGiven();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
    this.#endUndo?.();
  }

  get #list() {
    return this.#listIn(this.query);
  }

  #listIn(query: URLSearchParams) {
    return lists.find((list) => list.name === query.get('lijst')) ?? lists[0];
  }

  async #load(offset = 0): Promise<void> {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const answer = await myway.get('/paths', {
        query: { scope: this.#list.scope, q: this.text.trim(), ...this.#chosenLanguage, limit: pageSize, offset },
        signal,
      });
      this.paths = offset === 0 ? answer.paths : [...(this.paths ?? []), ...answer.paths];
      this.total = answer.total;
      this.languages = answer.languages;
      this.problem = undefined;
    } catch (problem) {
      if (!signal.aborted) this.problem = problem;
    }
  }

  async #loadGiven(): Promise<void> {
    const given = new Map<string, Given[]>();
    for (const each of await runningAssignments(this)) given.set(each.path.id, [...(given.get(each.path.id) ?? []), each]);
    this.given = given;
  }

  get #chosenLanguage(): { language?: string } {
    return this.language === '' ? {} : { language: this.language };
  }

  #choose(event: Event): void {
    this.language = (event.target as HTMLSelectElement).value;
    void this.#load();
  }

  #search(event: Event): void {
    this.text = (event.target as HTMLInputElement).value ?? '';
    this.#typing.after(() => void this.#load());
  }

  #make(copyOf?: PathSummary): void {
    this.copying = copyOf;
    this.making = true;
  }

  #made(): void {
    this.making = false;
  }

  /** Removing can be undone, so there is a question only where pupils still work on the path. */
  async #remove(path: PathSummary): Promise<void> {
    const given = this.given.get(path.id) ?? [];
    if (given.length > 0) await this.#askToEnd(path, given);
    else await this.#removeNow(path, false);
  }

  async #removeNow(path: PathSummary, end: boolean): Promise<void> {
    try {
      await myway.delete('/paths/:id', { params: { id: path.id }, query: { end: end ? 'true' : 'false' } });
      await this.#load();
      this.renderRoot.querySelector<HTMLElement>('.path a, h1, il-page-head')?.focus();
      this.#endUndo = removed(this.t('paths.removed', { title: path.title }), () => this.#putBack(path));
      if (end) void this.#loadGiven();
    } catch (problem) {
      if (!end && isProblem(problem, 'path-in-use')) await this.#askToEnd(path, []);
      else notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  async #putBack(path: PathSummary): Promise<void> {
    await myway.post('/paths/:id/restore', { params: { id: path.id } });
    await this.#load();
  }

  /** @param given assignments to the teacher's own classes; there may be others */
  async #askToEnd(path: PathSummary, given: readonly Given[]): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('paths.inUseTitle', { title: path.title }),
      text: [given.length > 0 ? this.t('paths.inUseBy', { names: namesOf(given) }) : '', this.t('paths.inUseText')]
        .filter(Boolean)
        .join(' '),
      confirm: this.t('paths.inUseConfirm'),
      danger: true,
    });
    if (sure) await this.#removeNow(path, true);
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('paths.title')}>
          <p>${this.t('paths.intro')} ${this.can('path:write') ? html`<a href="/paden/vervangen">${this.t('replace.title')}</a>` : nothing}</p>
          ${
            this.can('path:write')
              ? html`<myway-import-path slot="actions"></myway-import-path><wa-button slot="actions" appearance="accent" variant="brand" @click=${() => this.#make()}>
                <il-icon slot="start" name="plus"></il-icon>${this.t('paths.new')}
              </wa-button>`
              : nothing
          }
        </il-page-head>
        <div class="bar">
          <nav class="tabs" aria-label=${this.t('paths.lists')}>
            ${lists.map(
              (list) => html`<a
                href=${list.name === null ? '/paden' : `/paden?lijst=${list.name}`}
                aria-current=${list === this.#list ? 'page' : nothing}
              >${this.t(`paths.scope.${list.scope}`)}</a>`,
            )}
          </nav>
          <wa-input
            type="search"
            with-clear
            .label=${this.t('paths.search')}
            .value=${this.text}
            @input=${this.#search}
            @wa-clear=${this.#search}
          ><il-icon slot="start" name="search"></il-icon></wa-input>
          ${this.languages.length > 1 || this.language !== '' ? this.#languageChoice() : nothing}
        </div>
        ${this.#content()}
      </div>
      <myway-new-path-dialog ?open=${this.making} .copyOf=${this.copying} @il-close=${this.#made}></myway-new-path-dialog>
      <myway-assign-dialog .path=${this.giving} @il-close=${() => (this.giving = undefined)} @myway-given=${() => this.#loadGiven()}></myway-assign-dialog>
    `;
  }

  #languageChoice() {
    return html`
      <label class="language">
        <span>${this.t('paths.language')}</span>
        <select @change=${this.#choose}>
          <option value="" ?selected=${this.language === ''}>${this.t('paths.allLanguages')}</option>
          ${this.languages.map(
            ({ language, count }) =>
              html`<option value=${language} ?selected=${this.language === language}>${languageName(language)} (${count})</option>`,
          )}
        </select>
      </label>
    `;
  }

  #content() {
    if (this.problem) return html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>`;
    if (this.paths === undefined) return html`<il-skeleton lines="5"></il-skeleton>`;
    if (this.paths.length === 0) return this.#empty();
    return html`
      <ul class="list" aria-label=${this.t(`paths.scope.${this.#list.scope}`)}>
        ${repeat(
          this.paths,
          (path) => path.id,
          (path) => this.#row(path),
        )}
      </ul>
      ${
        this.total > this.paths.length
          ? html`<div class="actions">
            <wa-button appearance="outlined" @click=${() => this.#load(this.paths?.length)}>
              ${this.t('paths.more', { count: this.total - this.paths.length })}
            </wa-button>
          </div>`
          : nothing
      }
    `;
  }

  #empty() {
    if (this.text.trim() !== '') {
      return html`<il-empty icon="search" heading=${this.t('paths.noneFound', { text: this.text.trim() })}></il-empty>`;
    }
    const { scope } = this.#list;
    return html`
      <il-empty icon="route" heading=${this.t(`paths.empty.${scope}.heading`)} text=${this.t(`paths.empty.${scope}.text`)}>
        ${
          scope === 'own' && this.can('path:write')
            ? html`<wa-button appearance="outlined" @click=${() => this.#make()}>${this.t('paths.new')}</wa-button>`
            : nothing
        }
      </il-empty>
    `;
  }

  #row(path: PathSummary) {
    const facts = [
      this.t('paths.steps', { count: path.steps.length }),
      formatMinutes(path.minutes || null),
      path.area?.label,
      foreignLanguage(path.language) === nothing ? undefined : languageName(path.language),
      path.scope === 'school' ? (path.owner ?? this.t('paths.formerColleague')) : undefined,
      path.scope === 'shared' ? undefined : this.t('paths.changed', { date: formatDate(path.updatedAt) }),
    ].filter(Boolean);
    return html`
      <li class="path">
        <il-line aria-hidden="true" size="mark" color=${colourOf(path.area)} .stations=${stationsOfPath(path)}></il-line>
        <div class="about">
          <a href="/paden/${path.id}" lang=${foreignLanguage(path.language)}>${path.title}</a>
          <p class="muted small">${facts.join(' · ')}</p>
          ${givenLinks(this, this.given.get(path.id) ?? [])}
        </div>
        <div class="actions quiet">${this.#actions(path)}</div>
      </li>
    `;
  }

  #actions(path: PathSummary) {
    const canGive = this.can('path:assign') && path.scope !== 'school' && path.steps.length > 0;
    return html`
      ${
        canGive
          ? html`<wa-button size="s" appearance="outlined" @click=${() => (this.giving = path)}>${this.t('assign.button')}</wa-button>`
          : nothing
      }
      ${
        this.can('path:write')
          ? html`<wa-button size="s" appearance="plain" @click=${() => this.#make(path)}>
            <il-icon name="copy" label=${this.t('paths.copyOf', { title: path.title })}></il-icon>
          </wa-button>`
          : nothing
      }
      ${
        path.editable
          ? html`<wa-button size="s" appearance="plain" @click=${() => this.#remove(path)}>
            <il-icon name="trash-2" label=${this.t('paths.removeOf', { title: path.title })}></il-icon>
          </wa-button>`
          : nothing
      }
    `;
  }
}
