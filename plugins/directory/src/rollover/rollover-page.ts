import type { Answer } from '@ilearn/core';
import { confirmDialog, formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { Outcome, TeachersChoice } from './plan.js';
import './rollover-pupils.js';
import type { rolloverRoutes } from './routes.js';

type Turn = Answer<typeof rolloverRoutes, 'GET', '/schools/:school/rollover'>;
type Row = Turn['classes'][number];

const outcomes = ['to', 'leaves', 'none'] as const;
const teacherChoices = ['same-name', 'along', 'none'] as const;

/** `/school/schooljaar`: what becomes of classes, groups and pupils in the next school year; `?school=` chooses one of several schools. */
@customElement('directory-rollover')
export class RolloverPage extends PortalElement {
  static override ns = 'directory';
  static override styles = [
    sharedStyles,
    css`
      section {
        margin-block-start: var(--il-space-6);
      }
      .class {
        display: grid;
        grid-template-columns: minmax(9rem, 1fr) minmax(0, 2fr) auto;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: end;
        padding-block: var(--il-space-3);
        border-block-end: 1px solid var(--il-rule);
      }
      .class h3 {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .class p {
        margin: 0;
      }
      .goes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr));
        gap: var(--il-space-3);
        align-items: end;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        margin-block: var(--il-space-4);
      }
      wa-select.short {
        max-width: 30rem;
      }
      @media (max-width: 40rem) {
        .class {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  /** What was chosen since the page was loaded, by id of the class or group. */
  @state() private chosen = new Map<string, Outcome>();
  @state() private teachers: TeachersChoice | null = null;
  @state() private paths: boolean | null = null;
  @state() private opened: Row | null = null;
  @state() private problem: unknown;
  @state() private busy = false;

  readonly #schools = new Task(this, {
    task: async (_, { signal }) => (await directory.get('/schools', { signal })).schools,
    args: () => [],
  });

  get #school(): string | null {
    const schools = this.#schools.value ?? [];
    const asked = this.query.get('school');
    return schools.find(({ id }) => id === asked)?.id ?? schools[0]?.id ?? null;
  }

  readonly #turn = new Task(this, {
    task: async ([school], { signal }) =>
      school === null ? null : directory.get('/schools/:school/rollover', { params: { school }, signal }),
    args: () => [this.#school] as const,
  });

  get #changed(): boolean {
    return this.chosen.size > 0 || this.teachers !== null || this.paths !== null;
  }

  override render() {
    const turn = this.#turn.value;
    const heading = turn ? this.t('rollover.heading', { year: turn.to }) : this.t('rollover.title');
    return html`<div class="page">
      <il-page-head heading=${heading}><p>${this.t('rollover.intro')}</p></il-page-head>
      ${this.#choice()}
      ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
      ${this.#turn.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#turn.run()}></il-problem>`,
        complete: (turn) => (turn === null ? nothing : turn.appliedAt === null ? this.#open(turn) : this.#applied(turn)),
      })}
    </div>`;
  }

  #choice() {
    const schools = this.#schools.value ?? [];
    if (schools.length < 2) return nothing;
    return html`<wa-select
      class="short"
      label=${this.t('school.choose')}
      .value=${this.#school ?? ''}
      @change=${(event: Event) => {
        this.#forget();
        navigate(`/school/schooljaar?school=${(event.target as HTMLSelectElement).value}`);
      }}
    >
      ${schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
    </wa-select>`;
  }

  #applied(turn: Turn) {
    return html`<p role="status">
        <il-icon name="circle-check"></il-icon> ${this.t('rollover.applied', { date: formatDate(turn.appliedAt as string, 'long') })}
      </p>
      ${
        turn.mayUndo
          ? html`<p>${this.t('rollover.undoUntil', { date: formatDate(turn.undoUntil as string, 'long') })}</p>
              <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.#undo(turn)}>${this.t('rollover.undo')}</wa-button>`
          : html`<p>${this.t('rollover.settled')}</p>`
      }`;
  }

  #open(turn: Turn) {
    if (turn.classes.length + turn.groups.length === 0)
      return html`<il-empty icon="users" heading=${this.t('rollover.none', { year: turn.from })}></il-empty>`;
    return html`
      ${turn.delivered ? html`<p>${this.t('rollover.delivered')}</p>` : nothing}
      <section aria-labelledby="classes" ?hidden=${turn.classes.length === 0}>
        <h2 id="classes">${this.t('rollover.classes', { year: turn.from })}</h2>
        ${turn.classes.map((row) => this.#class(turn, row))}
        <il-truncated ?more=${turn.more} shown=${turn.classes.length}></il-truncated>
      </section>
      ${this.#groups(turn)} ${this.#settings(turn)} ${this.#now(turn)}
      <directory-rollover-pupils
        .open=${this.opened !== null}
        .school=${this.#school ?? ''}
        .klas=${this.opened}
        .names=${this.#names(turn)}
        @il-close=${() => {
          this.opened = null;
        }}
        @directory-chosen=${(event: CustomEvent<{ pupils: unknown }>) => this.#keep(turn, event.detail.pupils as never)}
      ></directory-rollover-pupils>
    `;
  }

  /** Names of classes to which a pupil may go: those of next year, and their own to stay down. */
  #names(turn: Turn): string[] {
    const names = turn.classes.flatMap(({ id, goes, name }) => {
      const outcome = this.chosen.get(id) ?? goes;
      return [name, ...(outcome?.outcome === 'to' && outcome.name ? [outcome.name] : [])];
    });
    return [...new Set(names)].sort((a, b) => a.localeCompare(b, 'nl', { numeric: true }));
  }

  #class(turn: Turn, row: Row) {
    return html`<div class="class" role="group" aria-label=${row.name}>
      <div>
        <h3>${row.name}</h3>
        <p class="muted">${this.t('classes.pupils', { count: row.pupils })}</p>
      </div>
      ${turn.delivered ? html`<p>${this.#result(row)}</p>` : this.#fields(row)}
      ${
        turn.delivered
          ? nothing
          : html`<wa-button
              size="small"
              appearance="plain"
              ?disabled=${row.pupils === 0}
              @click=${() => {
                this.opened = row;
              }}
              >${this.t('rollover.pupils')}<span class="visually-hidden"> – ${row.name}</span></wa-button
            >`
      }
    </div>`;
  }

  /** Where the pupils of a class go. */
  #result({ to, leaving, without }: Row): string {
    return [
      ...to.map(({ name, pupils }) => this.t('rollover.goesTo', { name, count: pupils })),
      ...(leaving > 0 ? [this.t('rollover.leaving', { count: leaving })] : []),
      ...(without > 0 ? [this.t('rollover.without', { count: without })] : []),
    ].join(' · ');
  }

  #fields(row: Row) {
    const goes = this.chosen.get(row.id) ?? (row.goes as Outcome);
    const choose = (outcome: Outcome) => {
      this.chosen = new Map(this.chosen).set(row.id, outcome);
    };
    return html`<div>
      <div class="goes">
        <wa-select
          label=${this.t('rollover.outcome')}
          .value=${goes.outcome}
          @change=${(event: Event) => {
            const outcome = (event.target as HTMLSelectElement).value as Outcome['outcome'];
            choose(outcome === 'to' ? { outcome, name: row.name } : { outcome });
          }}
        >
          ${outcomes.map((outcome) => html`<wa-option value=${outcome}>${this.t(`rollover.outcomes.${outcome}`)}</wa-option>`)}
        </wa-select>
        ${
          goes.outcome === 'to'
            ? html`<wa-input
                label=${this.t('rollover.newName')}
                maxlength="60"
                required
                .value=${goes.name}
                @input=${(event: Event) => choose({ outcome: 'to', name: (event.target as HTMLInputElement).value })}
              ></wa-input>`
            : nothing
        }
      </div>
      ${this.chosen.has(row.id) || row.to.length + (row.leaving > 0 ? 1 : 0) + (row.without > 0 ? 1 : 0) < 2 ? nothing : html`<p class="muted">${this.#result(row)}</p>`}
    </div>`;
  }

  #groups(turn: Turn) {
    if (turn.groups.length === 0) return nothing;
    return html`<section aria-labelledby="groups" class="stack">
      <h2 id="groups">${this.t('rollover.groups')}</h2>
      <p class="muted">${this.t('rollover.groupsText')}</p>
      ${turn.groups.map(({ id, name, pupils, taught, goesAlong }) => {
        const chosen = this.chosen.get(id);
        return html`<div><wa-checkbox
          .checked=${chosen === undefined ? goesAlong : chosen.outcome === 'to'}
          .hint=${this.t('rollover.taught', { count: taught, total: pupils })}
          @change=${(event: Event) => {
            const goes: Outcome = (event.target as HTMLInputElement).checked ? { outcome: 'to', name } : { outcome: 'none' };
            this.chosen = new Map(this.chosen).set(id, goes);
          }}
          >${name}</wa-checkbox
        ></div>`;
      })}
    </section>`;
  }

  #settings(turn: Turn) {
    return html`<section aria-labelledby="settings" class="stack">
      <h2 id="settings">${this.t('rollover.settings')}</h2>
      ${
        turn.delivered
          ? nothing
          : html`<wa-select
              class="short"
              label=${this.t('rollover.teachers')}
              .value=${this.teachers ?? turn.teachers}
              @change=${(event: Event) => {
                this.teachers = (event.target as HTMLSelectElement).value as TeachersChoice;
              }}
            >
              ${teacherChoices.map((one) => html`<wa-option value=${one}>${this.t(`rollover.teacherChoices.${one}`)}</wa-option>`)}
            </wa-select>`
      }
      <div><wa-switch
        .checked=${this.paths ?? turn.paths}
        .hint=${this.t('rollover.pathsHint')}
        @change=${(event: Event) => {
          this.paths = (event.target as HTMLInputElement).checked;
        }}
        >${this.t('rollover.paths')}</wa-switch
      ></div>
    </section>`;
  }

  #now(turn: Turn) {
    return html`<section aria-labelledby="now" class="stack">
      <h2 id="now">${this.t('rollover.now')}</h2>
      ${
        this.#changed
          ? html`<p>${this.t('rollover.unsaved')}</p>`
          : html`<ul>
              ${
                turn.delivered
                  ? nothing
                  : html`<li>${this.t('rollover.made', { count: turn.made })}</li>
              <li>${this.t('rollover.leavers', { count: turn.leavers })}</li>`
              }
              <li>${this.t('rollover.classless', { count: turn.classless })}</li>
            </ul>`
      }
      <p class="muted">${this.t('rollover.keeps')}</p>
      ${turn.mayApply ? nothing : html`<p>${this.t('rollover.early', { date: formatDate(turn.applyFrom, 'long') })}</p>`}
      <div class="actions">
        <wa-button
          variant=${this.#changed || !turn.mayApply ? 'brand' : 'neutral'}
          appearance=${this.#changed || !turn.mayApply ? 'accent' : 'outlined'}
          ?loading=${this.busy}
          @click=${() => this.#keep(turn)}
          >${this.t('rollover.keep')}</wa-button
        >
        ${
          turn.mayApply
            ? html`<wa-button variant="brand" ?disabled=${this.#changed} ?loading=${this.busy} @click=${() => this.#apply(turn)}
                >${this.t('rollover.apply')}</wa-button
              >`
            : nothing
        }
      </div>
    </section>`;
  }

  async #do<T>(act: (school: string) => Promise<T>, done: string | ((answer: T) => string)): Promise<void> {
    const school = this.#school;
    if (this.busy || school === null) return;
    this.problem = undefined;
    this.busy = true;
    try {
      const answer = await act(school);
      this.#forget();
      await this.#turn.run();
      notify({ kind: 'success', text: typeof done === 'string' ? this.t(done) : done(answer) });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  #keep(turn: Turn, pupils: { classId: string; personId: string; goes: Outcome | null }[] = []): Promise<void> {
    // What was not chosen follows the proposals, also later.
    const stored = new Map<string, Outcome>(
      turn.classes.flatMap(({ id, goes, chosen }) => (chosen && goes !== null ? [[id, goes as Outcome]] : [])),
    );
    for (const { id, name, goesAlong, chosen } of turn.groups)
      if (chosen) stored.set(id, goesAlong ? { outcome: 'to', name } : { outcome: 'none' });
    const classes = [...new Map([...stored, ...this.chosen])].map(([id, goes]) => ({ id, goes }));
    const body = {
      version: turn.version,
      teachers: this.teachers ?? turn.teachers,
      paths: this.paths ?? turn.paths,
      classes,
      pupils,
    };
    return this.#do((school) => directory.put('/schools/:school/rollover', { params: { school }, body }), 'rollover.kept');
  }

  async #apply(turn: Turn): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('rollover.applyTitle', { year: turn.to }),
      text: [
        ...(turn.delivered
          ? []
          : [this.t('rollover.made', { count: turn.made }), this.t('rollover.leavers', { count: turn.leavers })]),
        this.t('rollover.classless', { count: turn.classless }),
        this.t('rollover.applyText'),
      ].join(' '),
      confirm: this.t('rollover.apply'),
    });
    if (!sure) return;
    const body = { version: turn.version };
    await this.#do((school) => directory.post('/schools/:school/rollover/apply', { params: { school }, body }), 'rollover.done');
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  async #undo(turn: Turn): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('rollover.undoTitle'),
      text: this.t('rollover.undoText'),
      confirm: this.t('rollover.undo'),
      danger: true,
    });
    if (!sure) return;
    const body = { to: turn.to };
    await this.#do(
      (school) => directory.post('/schools/:school/rollover/undo', { params: { school }, body }),
      ({ away }) => (away === 0 ? this.t('rollover.undone') : this.t('rollover.undoneBut', { count: away })),
    );
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  #forget(): void {
    this.chosen = new Map();
    this.teachers = null;
    this.paths = null;
    this.opened = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-rollover': RolloverPage;
  }
}
