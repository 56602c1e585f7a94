import type { SlotContext } from '@ilearn/core';
import { foreignLanguage, navigate, notify, PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourOf } from '../client/line.js';
import { sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { PathSummary } from '../paths/model.js';
import { ClassProgressController, reloadClass } from './class-progress.js';

interface Lists {
  own: readonly PathSummary[];
  shared: readonly PathSummary[];
}

/** Paths of each kind in the list; the search finds the others. */
const SHOWN = 20;

/**
 * In the slot `directory.class`: gives a path to the class of the page. Choosing a path in the dialog gives it to the whole class at once; a
 * second button opens the dialog that asks for whom and until when.
 */
@customElement('myway-give-path')
export class GivePath extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      li.row {
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
      }
      .title {
        flex: 1 1 12rem;
        min-width: 0;
        overflow-wrap: anywhere;
        font-weight: 600;
      }
      h3 {
        margin-block-start: var(--il-space-2);
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'directory.class'> | undefined;

  @state() private open = false;
  @state() private search = '';
  @state() private giving: string | undefined;
  /** The path for which the dialog asks for whom and until when. */
  @state() private asked: PathSummary | undefined;

  readonly #typing = new TypingPause(this);
  readonly #progress = new ClassProgressController(this, () => this.context?.id);

  readonly #paths = new Task(this, {
    task: async ([open, q], { signal }): Promise<Lists> => {
      if (!open) return { own: [], shared: [] };
      const [own, shared] = await Promise.all(
        (['own', 'shared'] as const).map((scope) => myway.get('/paths', { query: { scope, q, limit: SHOWN }, signal })),
      );
      return { own: own?.paths ?? [], shared: shared?.paths ?? [] };
    },
    args: () => [this.open, this.search] as const,
  });

  override render() {
    const { context } = this;
    // Only for classes that the person teaches.
    if (context === undefined || this.#progress.value?.taught !== true) return nothing;
    return html`
      <wa-button variant="brand" @click=${this.#show}><il-icon slot="start" name="route"></il-icon>${this.t('class.give')}</wa-button>
      <il-dialog heading=${this.t('class.giveTo', { name: context.name })} ?open=${this.open} @il-close=${this.#hide}>
        <div class="stack">
          <p class="muted">${this.t('class.giveHint', { name: context.name })}</p>
          <wa-input type="search" .label=${this.t('paths.search')} .value=${this.search} maxlength="100" autofocus @input=${this.#typed}>
            <il-icon slot="start" name="search"></il-icon>
          </wa-input>
          ${this.#paths.render({
            pending: () => (this.#paths.value ? this.#lists(this.#paths.value) : html`<il-skeleton lines="5"></il-skeleton>`),
            error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#paths.run()}></il-problem>`,
            complete: (paths) => this.#lists(paths),
          })}
        </div>
      </il-dialog>
      <myway-assign-dialog
        .path=${this.asked}
        .wished=${context.id}
        @il-close=${() => this.#ask(undefined)}
        @myway-given=${() => reloadClass(context.id)}
      ></myway-assign-dialog>
    `;
  }

  #lists({ own, shared }: Lists) {
    if (own.length + shared.length === 0) {
      if (this.search !== '') return html`<p>${this.t('paths.noneFound', { text: this.search })}</p>`;
      return html`<il-empty icon="route" heading=${this.t('paths.empty.own.heading')} text=${this.t('paths.empty.own.text')}>
        <wa-button appearance="outlined" href="/paden">${this.t('paths.title')}</wa-button>
      </il-empty>`;
    }
    return [this.#list('own', own), this.#list('shared', shared)];
  }

  #list(scope: 'own' | 'shared', paths: readonly PathSummary[]) {
    if (paths.length === 0) return nothing;
    const name = this.t(`paths.scope.${scope}`);
    return html`
      <h3>${name}</h3>
      <ul class="list" aria-label=${name}>
        ${paths.map((path) => this.#path(path))}
      </ul>
    `;
  }

  #path(path: PathSummary) {
    const running = this.#progress.value?.lines.find((line) => line.path.id === path.id && line.wholeClass);
    return html`
      <li class="row">
        <il-line aria-hidden="true" size="mark" color=${colourOf(path.area)} .stations=${path.steps.map(({ kind }) => ({ label: '', kind: kind ?? 'text', state: 'todo' as const }))}></il-line>
        <span class="title" lang=${foreignLanguage(path.language)}>${path.title}</span>
        ${
          running === undefined
            ? html`
                <wa-button size="s" appearance="plain" @click=${() => this.#ask(path)}>
                  ${this.t('class.more')}<span class="visually-hidden">: ${path.title}</span>
                </wa-button>
                <wa-button size="s" appearance="accent" variant="brand" ?loading=${this.giving === path.id} @click=${() => this.#give(path)}>
                  ${this.t('class.giveNow')}<span class="visually-hidden">: ${path.title}</span>
                </wa-button>
              `
            : html`<a href="/opvolging/${running.id}">${this.t('class.running')}<span class="visually-hidden">: ${path.title}</span></a>`
        }
      </li>
    `;
  }

  #show(): void {
    this.search = '';
    this.open = true;
  }

  #hide(): void {
    this.open = false;
  }

  #ask(path: PathSummary | undefined): void {
    this.open = false;
    this.asked = path;
  }

  #typed(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.#typing.after(() => {
      this.search = value.trim();
    });
  }

  async #give({ id, title }: PathSummary): Promise<void> {
    const { context } = this;
    if (context === undefined || this.giving !== undefined) return;
    this.giving = id;
    try {
      const given = await myway.post('/paths/:id/assignments', { params: { id }, body: { classId: context.id } });
      notify({
        kind: 'success',
        text: this.t('assign.given', { title, name: context.name }),
        action: { label: this.t('assign.follow'), run: () => void navigate(`/opvolging/${given.id}`) },
      });
      this.open = false;
      await reloadClass(context.id);
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    } finally {
      this.giving = undefined;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-give-path': GivePath;
  }
}
