import {
  ApiProblem,
  foreignLanguage,
  guardLeaving,
  languageName,
  locale,
  navigate,
  notify,
  PortalElement,
  sharedStyles,
} from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { library } from '../../client.js';
import { bodyOf, type Draft, draftOf, emptyDraft, type Faults, faultsOf } from './draft.js';
import { editPageStyles } from './edit-page-styles.js';
import { areaField, fieldStyles, selectField, type TextField, textField } from './fields.js';
import './library-concept-picker.js';
import type { Material } from '../../materials/model.js';
import '../../materials/components/library-materials.js';
import '../../materials/components/library-picture-button.js';
import type { NamedConcept } from './library-concept-picker.js';

const languages = ['nl', 'fr', 'en', 'de'];

interface Loaded {
  schools: { id: string; name: string }[];
  draft: Draft;
}

/** `/bibliotheek/nieuw` and `/bibliotheek/:id/bewerken`: edits a teacher's own text or link. */
@customElement('library-edit-page')
export class LibraryEditPage extends PortalElement {
  static override ns = 'library';
  static override styles = [sharedStyles, fieldStyles, editPageStyles];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private draft: Draft = emptyDraft('nl');
  @state() private faults: Faults = {};
  @state() private previewing = false;
  /** The text as readers will see it. */
  @state() private shown = '';
  @state() private saving = false;
  @state() private problem: unknown;

  #dirty = false;
  #stopGuarding: (() => void) | undefined;

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }): Promise<Loaded> => {
      const { schools } = await library.get('/schools', { signal });
      if (id === undefined)
        return {
          schools,
          draft: { ...emptyDraft(locale().slice(0, 2)), school: schools.length === 1 ? (schools[0]?.id ?? '') : '' },
        };
      const activity = await library.get('/activities/:id', { params: { id }, signal });
      if (!activity.mayChange) throw new ApiProblem(403, { title: this.t('edit.notYours') });
      const content = await library.get('/activities/:id/content', { params: { id }, query: { written: 'true' }, signal });
      return { schools, draft: draftOf(activity, content) };
    },
    onComplete: ({ draft }) => {
      this.draft = draft;
      this.#dirty = false;
    },
    args: () => [this.params['id']],
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopGuarding = guardLeaving(() => this.#dirty);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopGuarding?.();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('faults') && Object.keys(this.faults).length > 0) {
      this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"], library-materials[error]')?.focus();
    }
  }

  get #id(): string | undefined {
    return this.params['id'];
  }

  #change(part: Partial<Draft>): void {
    this.draft = { ...this.draft, ...part };
    this.#dirty = true;
    const faults = { ...this.faults };
    for (const name of Object.keys(part)) delete faults[name as keyof Draft];
    if (Object.keys(faults).length < Object.keys(this.faults).length) this.faults = faults;
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.saving) return;
    const choosesSchool = this.#id === undefined && (this.#loaded.value?.schools.length ?? 0) > 1;
    this.faults = faultsOf((key, options) => this.t(key, options), this.draft, choosesSchool);
    if (Object.keys(this.faults).length > 0) {
      if (this.faults.markdown) this.previewing = false;
      return;
    }
    this.saving = true;
    this.problem = undefined;
    try {
      const body = bodyOf(this.draft);
      const id = this.#id ?? (await library.post('/activities', { body })).id;
      if (this.#id !== undefined) await library.put('/activities/:id', { params: { id }, body });
      this.#dirty = false;
      notify({ text: this.t('edit.saved'), kind: 'success' });
      await navigate(`/bibliotheek/${id}`, { replace: true });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.saving = false;
    }
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head
          heading=${this.t(this.#id === undefined ? 'edit.newTitle' : 'edit.changeTitle')}
          .back=${this.#id === undefined ? { href: '/bibliotheek', text: this.t('search.title') } : { href: `/bibliotheek/${this.#id}`, text: this.t('activity.title') }}
        >
          ${this.#id === undefined ? html`<p><a href="/bibliotheek/cartridge">${this.t('cartridge.title')}</a></p>` : nothing}
        </il-page-head>
        ${this.#loaded.render({
          pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
          complete: ({ schools }) => this.#form(schools),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
        })}
      </div>
    `;
  }

  #form(schools: Loaded['schools']) {
    return html`
      <form novalidate @submit=${this.#save}>
        ${this.#school(schools)} ${this.#kinds()}
        ${textField({ ...this.#bind('title'), required: true, maxlength: 300 })}
        ${this.#content()}
        ${areaField({ ...this.#bind('description', 'edit.descriptionHint'), rows: 2, maxlength: 5000 })}
        <library-concept-picker
          .concepts=${this.draft.concepts}
          @library-concepts=${(event: CustomEvent<NamedConcept[]>) => this.#change({ concepts: event.detail })}
        ></library-concept-picker>
        <div class="together">
          ${textField({ ...this.#bind('minutes'), type: 'number', min: 1, max: 10_000 })}
          ${textField({ ...this.#bind('ageFrom'), type: 'number', min: 0, max: 120 })}
          ${textField({ ...this.#bind('ageTo'), type: 'number', min: 0, max: 120 })}
          ${selectField({
            ...this.#bind('difficulty'),
            options: ['', '1', '2', '3', '4', '5'].map((value) => ({
              value,
              label: this.t(value === '' ? 'edit.noDifficulty' : `edit.difficulties.${value}`),
            })),
          })}
        </div>
        <div class="together">
          ${selectField({
            ...this.#bind('language'),
            options: [...new Set([...languages, this.draft.language])].map((value) => ({ value, label: languageName(value) })),
          })}
          ${textField({ ...this.#bind('keywords', 'edit.keywordsHint'), maxlength: 1000 })}
        </div>
        ${this.#check('listed')} ${this.#check('teacherOnly')}
        ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.#told(this.problem)}></il-problem>`}
        <div class="actions">
          <wa-button type="submit" variant="brand" ?loading=${this.saving}>${this.t('edit.save')}</wa-button>
          <wa-button appearance="plain" href=${this.#id === undefined ? '/bibliotheek' : `/bibliotheek/${this.#id}`}>${this.t('edit.cancel')}</wa-button>
        </div>
      </form>
    `;
  }

  #school(schools: Loaded['schools']) {
    if (this.#id !== undefined || schools.length < 2) return nothing;
    return selectField({
      ...this.#bind('school'),
      required: true,
      // Files belong to the school for which they were uploaded.
      onInput: (school) => this.#change({ school, files: [] }),
      options: [
        { value: '', label: this.t('edit.chooseSchool') },
        ...schools.map(({ id, name }) => ({ value: id, label: name })),
      ],
    });
  }

  #check(name: 'listed' | 'teacherOnly') {
    return html`<label class="check">
      <input type="checkbox" .checked=${this.draft[name]} @change=${(event: Event) => this.#change({ [name]: (event.target as HTMLInputElement).checked })} />
      <span>${this.t(`edit.${name}`)}</span>
    </label>`;
  }

  #bind(name: Exclude<keyof Draft, 'kind' | 'concepts' | 'teacherOnly' | 'listed' | 'files'>, hint?: string): TextField {
    return {
      name,
      label: this.t(`edit.${name}`),
      value: this.draft[name],
      error: this.faults[name],
      hint: hint === undefined ? undefined : this.t(hint),
      onInput: (value) => this.#change({ [name]: value }),
    };
  }

  #kinds() {
    return html`<fieldset class="kinds">
      <legend>${this.t('edit.kind')}</legend>
      ${(['text', 'file', 'link'] as const).map(
        (kind) => html`<label>
          <input type="radio" name="kind" value=${kind} .checked=${this.draft.kind === kind} @change=${() => this.#change({ kind })} />
          <span><span class="strong">${this.t(`edit.kinds.${kind}`)}</span><span class="small muted">${this.t(`edit.kinds.${kind}Hint`)}</span></span>
        </label>`,
      )}
    </fieldset>`;
  }

  #content() {
    const { kind, school, files } = this.draft;
    if (kind === 'link')
      return textField({ ...this.#bind('url', 'edit.urlHint'), type: 'text', required: true, maxlength: 2000 });
    return html`
      ${kind === 'text' ? this.#text() : nothing}
      <library-materials
        label=${this.t(kind === 'text' ? 'materials.withText' : 'materials.heading')}
        school=${school}
        .files=${files}
        error=${this.faults.files ?? nothing}
        @library-materials=${(event: CustomEvent<Material[]>) => this.#change({ files: event.detail })}
      ></library-materials>
    `;
  }

  /** Puts a picture where the cursor is, with its description selected, to be written. */
  async #insert({ detail: { id } }: CustomEvent<Material>): Promise<void> {
    const { markdown } = this.draft;
    const area = this.renderRoot.querySelector<HTMLTextAreaElement>('#markdown');
    const at = area?.selectionEnd ?? markdown.length;
    const before = markdown.slice(0, at).trimEnd();
    const description = this.t('materials.describe');
    const start = before === '' ? '![' : `${before}\n\n![`;
    this.#change({ markdown: `${start}${description}](/api/library/materials/${id})\n\n${markdown.slice(at).trimStart()}` });
    await this.updateComplete;
    area?.focus();
    area?.setSelectionRange(start.length, start.length + description.length);
  }

  async #preview(): Promise<void> {
    this.previewing = !this.previewing;
    if (!this.previewing) return;
    const { markdown } = this.draft;
    this.shown = markdown;
    // Without the server, formulas are shown as they were written.
    const answer = await library.post('/texts', { body: { markdown } }).catch(() => undefined);
    if (answer !== undefined && markdown === this.draft.markdown) this.shown = answer.markdown;
  }

  #text() {
    return html`
      <div class="text">
        ${
          this.previewing
            ? html`<div class="field">
                <span class="strong">${this.t('edit.markdown')}</span>
                <div class="panel">
                  ${this.draft.markdown.trim() === '' ? html`<p class="muted">${this.t('edit.nothingToShow')}</p>` : html`<il-markdown lang=${foreignLanguage(this.draft.language)} .source=${this.shown}></il-markdown>`}
                </div>
              </div>`
            : areaField({ ...this.#bind('markdown', 'edit.markdownHint'), rows: 14, required: true, maxlength: 500_000 })
        }
        <div class="actions">
          <button type="button" class="switch" aria-pressed=${this.previewing} @click=${this.#preview}>
          <il-icon name=${this.previewing ? 'pencil' : 'eye'}></il-icon>${this.t(this.previewing ? 'edit.write' : 'edit.preview')}
          </button>
          ${this.previewing ? nothing : html`<library-picture-button school=${this.draft.school} @library-picture=${this.#insert}></library-picture-button>`}
        </div>
      </div>
    `;
  }

  /** Replaces the server's English messages by one in the user's language, which says that the text was not lost. */
  #told(problem: unknown): unknown {
    if (!(problem instanceof ApiProblem) || problem.status === 0 || problem.status >= 500) return problem;
    return new ApiProblem(problem.status, {
      type: '/problems/library/refused',
      title: this.t('edit.refused'),
      detail: this.t('edit.refusedDetail'),
    });
  }
}
