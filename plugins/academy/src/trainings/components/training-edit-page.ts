import type { Answer } from '@ilearn/core';
import { type ApiProblem, navigate, notify, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { EditPage } from '../../shared/edit-page.js';
import type { trainingRoutes } from '../routes.js';

type AudienceName = Answer<typeof trainingRoutes, 'GET', '/desk/audience'>['found'][number];

const roles = ['teacher', 'ict-coordinator', 'principal'] as const;
const levels = ['nursery', 'primary', 'secondary'] as const;

const empty = {
  title: '',
  story: '',
  goals: '',
  tools: [] as string[],
  foci: [] as string[],
  audience: [] as string[],
  levels: [] as string[],
  minutes: null as number | null,
  language: 'nl',
  cost: '',
  certificate: 'attended',
  state: 'draft',
  forAll: true,
  pathId: null as string | null,
  audienceNames: [] as AudienceName[],
};
type Draft = typeof empty;

/** `/academie/aanbod/nieuw` and `/academie/aanbod/:id`: the texts of a training. */
@customElement('academy-training-edit-page')
export class TrainingEditPage extends EditPage<Draft> {
  static override styles = [
    sharedStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-5);
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3) var(--il-space-5);
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        font-weight: 600;
      }
    `,
  ];

  @state() private titleError: string | undefined;
  @state() private audienceError: string | undefined;

  protected override async load(): Promise<Draft> {
    const id = this.params['id'];
    if (id === undefined) return { ...empty };
    const {
      id: _id,
      provider: _provider,
      providerName: _name,
      schools: _schools,
      groups: _groups,
      ...draft
    } = await academy.get('/desk/trainings/:id', { params: { id } });
    this.emit('il-title', { title: draft.title });
    return draft;
  }

  override render() {
    const back = { href: '/academie/aanbod?toon=trainings', text: this.t('desk.trainings') };
    const heading = this.t(this.params['id'] === undefined ? 'edit.newTitle' : 'edit.changeTitle');
    return this.page(html`<il-page-head heading=${heading} .back=${back}></il-page-head>`, (draft) => this.#form(draft));
  }

  #form(draft: Draft) {
    return html`<form @submit=${this.#save} novalidate>
      ${this.#text(draft, 'title', { required: true, error: this.titleError })}
      ${this.#area(draft, 'story')} ${this.#area(draft, 'goals')}
      ${this.#words(draft, 'tools')} ${this.#words(draft, 'foci')}
      ${this.#choices(draft, 'audience', roles)} ${this.#choices(draft, 'levels', levels)}
      <wa-input
        type="number"
        min="1"
        label=${this.t('edit.minutes')}
        .value=${draft.minutes === null ? '' : String(draft.minutes)}
        @input=${(event: Event) => this.set('minutes', Number((event.target as HTMLInputElement).value) || null)}
      ></wa-input>
      ${this.#text(draft, 'cost', { hint: this.t('edit.costHint') })}
      ${this.#select(draft, 'language', ['nl', 'fr', 'en', 'de'], 'languages')}
      ${this.#select(draft, 'certificate', ['attended', 'all-sessions', 'none'], 'certificateRule')}
      ${this.#audience(draft)}
      ${this.#path(draft)}
      ${this.#select(draft, 'state', ['draft', 'published', 'archived'], 'trainingState')}
      <div class="actions"><wa-button type="submit" variant="brand">${this.t('edit.save')}</wa-button></div>
    </form>`;
  }

  #text(
    draft: Draft,
    name: 'title' | 'cost',
    { required = false, hint = '', error }: { required?: boolean; hint?: string; error?: string | undefined },
  ) {
    return html`<wa-input
      name=${name}
      label=${this.t(`edit.${name}`)}
      hint=${error ?? hint}
      maxlength="200"
      ?required=${required}
      .value=${draft[name]}
      @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}
    ></wa-input>`;
  }

  #area(draft: Draft, name: 'story' | 'goals') {
    return html`<wa-textarea
      label=${this.t(`edit.${name}`)}
      rows="5"
      maxlength="4000"
      .value=${draft[name]}
      @input=${(event: Event) => this.set(name, (event.target as HTMLTextAreaElement).value)}
    ></wa-textarea>`;
  }

  /** Words with commas between them. */
  #words(draft: Draft, name: 'tools' | 'foci') {
    return html`<wa-input
      label=${this.t(`edit.${name}`)}
      hint=${this.t('edit.commas')}
      .value=${draft[name].join(', ')}
      @change=${(event: Event) =>
        this.set(
          name,
          [
            ...new Set(
              (event.target as HTMLInputElement).value
                .split(',')
                .map((word) => word.trim())
                .filter(Boolean),
            ),
          ].slice(0, 20),
        )}
    ></wa-input>`;
  }

  #choices(draft: Draft, name: 'audience' | 'levels', values: readonly string[]) {
    const facet = name === 'audience' ? 'audience' : 'level';
    return html`<fieldset>
      <legend>${this.t(`edit.${name}`)}</legend>
      ${values.map(
        (value) => html`<wa-checkbox
          ?checked=${draft[name].includes(value)}
          @change=${(event: Event) => {
            const rest = draft[name].filter((each) => each !== value);
            this.set(name, (event.target as HTMLInputElement).checked ? [...rest, value] : rest);
          }}
          >${this.t(`values.${facet}.${value}`)}</wa-checkbox
        >`,
      )}
    </fieldset>`;
  }

  /** All schools, or those that are named. */
  #audience(draft: Draft) {
    const named = draft.audienceNames;
    return html`<wa-select
        label=${this.t('edit.audienceChoice')}
        .value=${draft.forAll ? 'all' : 'some'}
        @change=${(event: Event) => this.set('forAll', (event.target as HTMLSelectElement).value === 'all')}
      >
        <wa-option value="all">${this.t('edit.forAll')}</wa-option>
        <wa-option value="some">${this.t('edit.forSome')}</wa-option>
      </wa-select>
      ${
        draft.forAll
          ? nothing
          : html`<div class="stack">
              ${
                named.length === 0
                  ? nothing
                  : html`<ul class="list">
                      ${named.map(
                        (each) => html`<li class="row">
                          <span class="grow">${each.name}${each.kind === 'group' ? html` <span class="muted">${this.t('edit.group')}</span>` : nothing}</span>
                          <wa-button size="s" appearance="outlined" @click=${() => this.#withoutAudience(each.id)}
                            >${this.t('event.remove')}<span class="visually-hidden"> – ${each.name}</span></wa-button
                          >
                        </li>`,
                      )}
                    </ul>`
              }
              <il-combobox
                name="audience"
                label=${this.t('edit.addAudience')}
                .options=${[]}
                .search=${this.#findAudience}
                @il-change=${(event: CustomEvent<{ value: string }>) => this.#withAudience(event.detail.value)}
              ></il-combobox>
              ${this.audienceError === undefined ? nothing : html`<p role="alert">${this.audienceError}</p>`}
            </div>`
      }`;
  }

  /** Names by id of what was found, so that what is chosen has its name. */
  readonly #found = new Map<string, AudienceName>();

  readonly #findAudience = async (text: string, signal: AbortSignal) => {
    if (text.trim().length < 2) return [];
    const { found } = await academy.get('/desk/audience', { query: { q: text }, signal });
    for (const each of found) this.#found.set(each.id, each);
    return found.map(({ id, name, kind }) => ({
      value: id,
      label: kind === 'group' ? `${name} (${this.t('edit.group')})` : name,
    }));
  };

  #withAudience(id: string): void {
    const added = this.#found.get(id);
    const before = this.draft?.audienceNames ?? [];
    if (added === undefined || before.some((each) => each.id === id)) return;
    this.audienceError = undefined;
    this.set('audienceNames', [...before, added]);
  }

  #withoutAudience(id: string): void {
    this.set(
      'audienceNames',
      (this.draft?.audienceNames ?? []).filter((each) => each.id !== id),
    );
  }

  #select(draft: Draft, name: 'language' | 'certificate' | 'state', values: readonly string[], texts: string) {
    return html`<wa-select
      label=${this.t(`edit.${name}`)}
      .value=${draft[name]}
      @change=${(event: Event) => this.set(name, (event.target as HTMLSelectElement).value)}
    >
      ${values.map((value) => html`<wa-option value=${value}>${this.t(`${texts}.${value}`)}</wa-option>`)}
    </wa-select>`;
  }

  /** The paths of MyWay that a training can consist of; undefined: not loaded yet. */
  @state() private paths: readonly { id: string; title: string }[] | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void academy
      .get('/desk/paths')
      .then(({ paths }) => (this.paths = paths))
      .catch(() => (this.paths = []));
  }

  #path(draft: Draft) {
    const { paths = [] } = this;
    if (paths.length === 0 && draft.pathId === null) return nothing;
    const known = draft.pathId === null || paths.some(({ id }) => id === draft.pathId);
    return html`<wa-select
      label=${this.t('selfPaced.choose')}
      hint=${this.t('selfPaced.chooseHint')}
      .value=${draft.pathId ?? ''}
      @change=${(event: Event) => this.set('pathId', String((event.target as HTMLSelectElement).value ?? '') || null)}
    >
      <wa-option value="">${this.t('selfPaced.none')}</wa-option>
      ${paths.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
      ${known ? nothing : html`<wa-option value=${draft.pathId ?? ''}>${this.t('selfPaced.gone')}</wa-option>`}
    </wa-select>`;
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { draft } = this;
    if (draft === undefined) return;
    this.titleError = draft.title.trim() === '' ? this.t('edit.titleMissing') : undefined;
    if (this.titleError !== undefined) {
      this.renderRoot.querySelector<HTMLElement>('[name=title]')?.focus();
      return;
    }
    const { audienceNames, ...texts } = draft;
    const named = (kind: AudienceName['kind']) => audienceNames.filter((each) => each.kind === kind).map((each) => each.id);
    this.audienceError = draft.forAll || audienceNames.length > 0 ? undefined : this.t('edit.noAudience');
    if (this.audienceError !== undefined) {
      this.renderRoot.querySelector<HTMLElement>('il-combobox')?.focus();
      return;
    }
    const id = this.params['id'];
    const body = { ...texts, schools: named('school'), groups: named('group') } as never;
    try {
      const provider = this.session?.roles.find(({ role }) => role === 'planner')?.tenant ?? '';
      await (id === undefined
        ? academy.post('/desk/providers/:id/trainings', { params: { id: provider }, body })
        : academy.put('/desk/trainings/:id', { params: { id }, body }));
      this.dirty = false;
      notify({ kind: 'success', text: this.t('edit.saved') });
      await navigate('/academie/aanbod?toon=trainings');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-training-edit-page': TrainingEditPage;
  }
}
