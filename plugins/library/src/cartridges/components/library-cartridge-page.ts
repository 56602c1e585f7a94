import type { Answer } from '@ilearn/core';
import { ApiProblem, announce, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { library } from '../../client.js';
import type { cartridgeRoutes } from '../routes.js';

type Report = Answer<typeof cartridgeRoutes, 'POST', '/cartridges'>;

/** `/bibliotheek/cartridge`: looks at a Common Cartridge, says what is lost, and keeps the rest as activities. */
@customElement('library-cartridge-page')
export class LibraryCartridgePage extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      select {
        min-height: var(--il-target);
        padding: 0 var(--il-space-2);
        color: var(--il-ink);
        font: inherit;
        background: var(--il-surface);
        border: 1px solid var(--il-edge);
        border-radius: var(--il-radius);
      }
      li {
        display: grid;
        gap: var(--il-space-1);
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
      .lost {
        display: flex;
        gap: var(--il-space-2);
        align-items: start;
      }
    `,
  ];

  @state() private school = '';
  @state() private file: File | undefined;
  @state() private report: Report | undefined;
  @state() private problem: unknown;
  @state() private busy = false;

  @query('input') private input!: HTMLInputElement;

  readonly #schools = new Task(this, {
    task: async (_, { signal }) => {
      const { schools } = await library.get('/schools', { signal });
      this.school = schools[0]?.id ?? '';
      return schools;
    },
    args: () => [],
  });

  #choose(): void {
    this.file = this.input.files?.[0];
    this.input.value = '';
    void this.#take(true);
  }

  async #take(dryRun: boolean): Promise<void> {
    if (this.file === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      this.report = await library.post('/cartridges', {
        query: { school: this.school, dryRun: dryRun ? 'true' : 'false' },
        body: new Blob([this.file], { type: 'application/zip' }),
      });
      announce(this.#outcome(this.report));
    } catch (problem) {
      this.report = undefined;
      this.problem =
        problem instanceof ApiProblem && problem.status === 413
          ? new ApiProblem(413, { title: this.t('cartridge.tooLarge') })
          : problem;
    } finally {
      this.busy = false;
    }
  }

  #outcome({ items, selection }: Report): string {
    const count = items.filter(({ kind }) => kind !== null).length;
    return this.t(selection === null ? 'cartridge.found' : 'cartridge.kept', { count, total: items.length });
  }

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('cartridge.title')} .back=${{ href: '/bibliotheek', text: this.t('search.title') }}>
        <p>${this.t('cartridge.intro')}</p>
      </il-page-head>
      ${this.#schools.render({
        pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#schools.run()}></il-problem>`,
        complete: (schools) => this.#form(schools),
      })}
    </div>`;
  }

  #form(schools: readonly { id: string; name: string }[]) {
    return html`
      ${
        schools.length < 2
          ? nothing
          : html`<label class="stack">
            <span class="strong">${this.t('edit.school')}</span>
            <select @change=${(event: Event) => (this.school = (event.target as HTMLSelectElement).value)}>
              ${schools.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.school}>${name}</option>`)}
            </select>
          </label>`
      }
      <div class="actions">
        <input type="file" hidden accept=".imscc,.zip" aria-label=${this.t('cartridge.choose')} @change=${this.#choose} />
        <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.input.click()}>
          <il-icon slot="start" name="upload"></il-icon>${this.t('cartridge.choose')}
        </wa-button>
      </div>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      ${this.report === undefined ? nothing : this.#result(this.report)}
    `;
  }

  #result(report: Report) {
    const { title, items, selection } = report;
    const keeps = items.some(({ kind, known }) => kind !== null && !known);
    return html`<section class="stack" aria-labelledby="found">
      <h2 id="found">${title}</h2>
      <p>${this.#outcome(report)}</p>
      <div class="actions">
        ${
          selection !== null
            ? html`<wa-button variant="brand" href="/bibliotheek/verzamelingen/${selection}">${this.t('cartridge.open')}</wa-button>`
            : keeps
              ? html`<wa-button variant="brand" ?loading=${this.busy} @click=${() => this.#take(false)}>${this.t('cartridge.keep')}</wa-button>`
              : nothing
        }
      </div>
      <ul class="list">
        ${items.map(
          ({ title: name, folders, kind, known, lost }) => html`<li>
            <span class="strong">${name}</span>
            <span class="muted small">${[kind === null ? this.t('cartridge.nothing') : this.t(`kinds.${kind}`), ...folders].join(' · ')}</span>
            ${known ? html`<span class="small">${this.t('cartridge.known')}</span>` : nothing}
            ${lost.map((loss) => html`<span class="lost small"><il-icon name="circle-alert"></il-icon>${this.t(`cartridge.lost.${loss}`)}</span>`)}
          </li>`,
        )}
      </ul>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-cartridge-page': LibraryCartridgePage;
  }
}
