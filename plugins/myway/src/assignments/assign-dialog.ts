import { type ApiProblem, formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords, isProblem } from '../client/problem-words.js';
import { myway } from '../client.js';
import { type Given, runningAssignments } from '../paths/given.js';
import type { PathSummary } from '../paths/model.js';
import { type ClassSet, classSets } from './class-sets.js';
import type { ClassSummary, Pupil } from './model.js';

/**
 * Assigns a path to a class or group, or to some of its pupils.
 * @fires il-close - closed without assigning
 * @fires myway-given - `Assignment`
 */
@customElement('myway-assign-dialog')
export class AssignDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      fieldset {
        display: grid;
        gap: var(--il-space-2);
      }
      .pupils {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
        gap: var(--il-space-2) var(--il-space-4);
      }
      .all {
        padding-block-end: var(--il-space-2);
        border-block-end: 1px solid var(--il-rule);
      }
      .has {
        padding: var(--il-space-3) var(--il-space-4);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
      }
    `,
  ];

  /** The path to assign; the dialog is open while it is set. */
  @property({ attribute: false }) path: Pick<PathSummary, 'id' | 'title'> | undefined;

  /** Id of the class that is chosen at first, where the dialog is opened for one class. */
  @property() wished = '';

  @state() private classes: ClassSummary[] | undefined;
  @state() private pupils: Pupil[] | undefined;
  @state() private classId = '';
  @state() private chosen: ReadonlySet<string> | undefined;
  @state() private beginsOn = '';
  @state() private dueOn = '';
  /** Running assignments of the path. */
  @state() private given: readonly Given[] = [];
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('path') && this.path !== undefined) {
      this.problem = undefined;
      this.chosen = undefined;
      this.beginsOn = '';
      this.dueOn = '';
      if (this.wished !== '') this.classId = this.wished;
      void this.#loadClasses();
    }
  }

  async #loadClasses(): Promise<void> {
    try {
      const [classes, given] = await Promise.all([myway.get('/classes'), runningAssignments(this, this.path?.id)]);
      this.given = given;
      this.classes = classes;
      const free = classes.filter((each) => each.id === this.wished || !this.#wholeOf(each.id));
      if (!free.some((each) => each.id === this.classId)) this.classId = (free[0] ?? classes[0])?.id ?? '';
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #loadPupils(): Promise<void> {
    const { classId } = this;
    this.pupils = undefined;
    try {
      const pupils = await myway.get('/classes/:id/pupils', { params: { id: classId } });
      if (classId === this.classId) this.pupils = pupils;
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** The assignment of the path to the whole class. */
  #wholeOf(classId: string): Given | undefined {
    return this.given.find((each) => each.class.id === classId && each.wholeClass);
  }

  #chooseClass(event: Event): void {
    this.classId = (event.target as HTMLSelectElement).value;
    if (this.#sets.some(({ value }) => value === this.classId)) this.chosen = undefined;
    else if (this.chosen !== undefined) this.#chooseWho('some');
  }

  #chooseWho(who: string): void {
    this.chosen = who === 'some' ? new Set() : undefined;
    if (who === 'some') void this.#loadPupils();
  }

  #tick(id: string, ticked: boolean): void {
    const chosen = new Set(this.chosen);
    if (ticked) chosen.add(id);
    else chosen.delete(id);
    this.chosen = chosen;
  }

  #tickAll(ticked: boolean): void {
    this.chosen = new Set(ticked ? this.pupils?.map(({ id }) => id) : []);
  }

  async #give(): Promise<void> {
    if (this.path === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    const days = { beginsOn: this.beginsOn || null, dueOn: this.dueOn || null };
    try {
      const many = this.#sets.find(({ value }) => value === this.classId);
      if (many !== undefined) {
        await this.#giveMany(this.path, many.classIds, days);
        return;
      }
      const given = await myway.post('/paths/:id/assignments', {
        params: { id: this.path.id },
        body: {
          classId: this.classId,
          ...(this.chosen === undefined ? {} : { pupilIds: [...this.chosen] }),
          ...days,
        },
      });
      notify({
        kind: 'success',
        text: this.t('assign.given', { title: given.path.title, name: given.class.name }),
        action: { label: this.t('assign.follow'), run: () => void navigate(`/opvolging/${given.id}`) },
      });
      this.emit('myway-given', given);
      this.emit('il-close');
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #giveMany(
    path: Pick<PathSummary, 'id' | 'title'>,
    classIds: string[],
    days: { beginsOn: string | null; dueOn: string | null },
  ) {
    const { given, had } = await myway.post('/paths/:id/assignments/many', {
      params: { id: path.id },
      body: { classIds, ...days },
    });
    const names = (ids: readonly string[]) =>
      this.classes?.flatMap(({ id, name }) => (ids.includes(id) ? [name] : [])).join(', ') ?? '';
    notify({
      kind: 'success',
      text: [
        this.t('assign.givenMany', { title: path.title, count: given.length }),
        had.length > 0 ? this.t('assign.hadMany', { names: names(had) }) : '',
      ]
        .filter(Boolean)
        .join(' '),
      action: { label: this.t('assign.follow'), run: () => void navigate('/opvolging') },
    });
    this.emit('myway-given');
    this.emit('il-close');
  }

  get #sets(): ClassSet[] {
    return classSets(this, this.classes ?? []);
  }

  /** Leaves out pupils who already have the path. */
  async #chooseOthers(have: readonly string[]): Promise<void> {
    this.problem = undefined;
    if (this.chosen === undefined) await this.#loadPupils();
    const wanted = this.chosen ?? new Set(this.pupils?.map(({ id }) => id));
    this.chosen = new Set([...wanted].filter((id) => !have.includes(id)));
  }

  override render() {
    const ready = this.classId !== '' && !this.#wholeOf(this.classId) && (this.chosen === undefined || this.chosen.size > 0);
    return html`
      <il-dialog heading=${this.t('assign.heading', { title: this.path?.title ?? '' })} ?open=${this.path !== undefined}>
        <div class="stack">
          ${this.problem ? this.#refusal(this.problem) : nothing} ${this.#fields()}
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" appearance="accent" variant="brand" ?disabled=${!ready} ?loading=${this.busy} @click=${this.#give}>
          ${this.t('assign.give')}
        </wa-button>
      </il-dialog>
    `;
  }

  #refusal(problem: unknown) {
    const have = isProblem(problem, 'already-given-to-some') ? (problem as ApiProblem).body['pupilIds'] : undefined;
    return html`<il-problem .problem=${inWords(this, problem)}>
      ${
        Array.isArray(have)
          ? html`<wa-button appearance="outlined" @click=${() => this.#chooseOthers(have)}>${this.t('assign.others')}</wa-button>`
          : nothing
      }
    </il-problem>`;
  }

  #fields() {
    if (this.classes === undefined) return this.problem ? nothing : html`<il-skeleton lines="3"></il-skeleton>`;
    if (this.classes.length === 0) return html`<p>${this.t('assign.noClasses')}</p>`;
    return html`
      <wa-select .label=${this.t('assign.class')} .value=${this.classId} @change=${this.#chooseClass}>
        ${this.classes.map(
          (each) => html`<wa-option value=${each.id} .label=${each.name}>
            ${each.name}
            <span class="muted">${this.#wholeOf(each.id) ? this.t('assign.hasIt') : this.t('assign.pupils', { count: each.pupils })}</span>
          </wa-option>`,
        )}
        ${this.#sets.map(({ value, label }) => html`<wa-option value=${value}>${label}</wa-option>`)}
      </wa-select>
      ${this.#alreadyGiven()}
      <wa-radio-group
        ?hidden=${this.#sets.some(({ value }) => value === this.classId)}
        .label=${this.t('assign.who')}
        .value=${this.chosen === undefined ? 'all' : 'some'}
        @change=${(event: Event) => this.#chooseWho((event.target as HTMLInputElement).value)}
      >
        <wa-radio value="all">${this.t('assign.everyone')}</wa-radio>
        <wa-radio value="some">${this.t('assign.some')}</wa-radio>
      </wa-radio-group>
      ${this.chosen === undefined ? nothing : this.#pupilList(this.chosen)}
      <wa-input
        type="date"
        .label=${this.t('assign.begins')}
        .hint=${[formatDate(this.beginsOn, 'long'), this.t('assign.beginsHint')].filter(Boolean).join(' · ')}
        .value=${this.beginsOn}
        @input=${(event: Event) => (this.beginsOn = (event.target as HTMLInputElement).value ?? '')}
      ></wa-input>
      <wa-input
        type="date"
        .label=${this.t('assign.due')}
        .hint=${[formatDate(this.dueOn, 'long'), this.t('assign.dueHint')].filter(Boolean).join(' · ')}
        .value=${this.dueOn}
        @input=${(event: Event) => (this.dueOn = (event.target as HTMLInputElement).value ?? '')}
      ></wa-input>
    `;
  }

  /** Says beforehand what the server would refuse. */
  #alreadyGiven() {
    const given = this.#wholeOf(this.classId) ?? this.given.find((each) => each.class.id === this.classId);
    if (given === undefined) return nothing;
    return html`<p class="has">
      ${this.t(given.wholeClass ? 'assign.has' : 'assign.someHave', { name: given.class.name })}
      <a href="/opvolging/${given.id}">${this.t('assign.follow')}</a>
    </p>`;
  }

  #pupilList(chosen: ReadonlySet<string>) {
    if (this.pupils === undefined) return this.problem ? nothing : html`<il-skeleton lines="4"></il-skeleton>`;
    if (this.pupils.length === 0) return html`<p>${this.t('assign.noPupils')}</p>`;
    return html`
      <fieldset>
        <legend>${this.t('assign.chosen', { count: chosen.size })}</legend>
        <wa-checkbox
          class="all"
          .checked=${chosen.size === this.pupils.length}
          .indeterminate=${chosen.size > 0 && chosen.size < this.pupils.length}
          @change=${(event: Event) => this.#tickAll((event.target as HTMLInputElement).checked)}
        >${this.t('assign.all')}</wa-checkbox>
        <div class="pupils">
          ${this.pupils.map(
            (each) => html`<wa-checkbox
              .checked=${chosen.has(each.id)}
              @change=${(event: Event) => this.#tick(each.id, (event.target as HTMLInputElement).checked)}
            >${each.givenName} ${each.familyName}</wa-checkbox>`,
          )}
        </div>
      </fieldset>
    `;
  }
}
