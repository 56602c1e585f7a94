import type { Answer } from '@ilearn/core';
import { confirmDialog, formatDate, LiveController, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task as Loading } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { agenda } from '../client.js';
import { addDays, daysFrom } from '../days.js';
import type { diaryRoutes } from '../diary/routes.js';
import './give-dialog.js';
import './task-card.js';
import { weekStyles } from './week-styles.js';

type Week = Answer<typeof diaryRoutes, 'GET', '/classes/:classId/week'>;
type Task = Week['tasks'][number];

const schoolDays = 5;

/** `/agenda` and `/agenda/:classId?week=2026-09-01`: the homework of a class, day by day. */
@customElement('agenda-week-page')
export class WeekPage extends PortalElement {
  static override ns = 'agenda';
  static override styles = [sharedStyles, weekStyles];

  /** Set by the shell: path parameters and query. */
  @property({ attribute: false }) params: Record<string, string> = {};
  @property({ attribute: false }) query = new URLSearchParams();

  @state() private giving = false;

  readonly #classes = new Loading(this, {
    task: async (_, { signal }) => (await agenda.get('/classes', { signal })).classes,
    args: () => [],
  });

  readonly #week = new Loading(this, {
    task: async ([classId, day], { signal }) =>
      classId === undefined ? null : agenda.get('/classes/:classId/week', { params: { classId }, query: { day }, signal }),
    args: () => [this.#classId, this.query.get('week') ?? ''] as const,
  });

  constructor() {
    super();
    // What a colleague adds, and what pupils tick off, is shown at once.
    new LiveController(
      this,
      () => (this.#classId === undefined ? [] : [['agenda.week', { classId: this.#classId }]]),
      () => this.#week.run(),
    );
  }

  get #classId(): string | undefined {
    return this.params['classId'] ?? this.#classes.value?.[0]?.id;
  }

  #href(monday: string): string {
    return `/agenda/${this.#classId}?week=${monday}`;
  }

  async #change(change: () => Promise<unknown>, done?: string): Promise<void> {
    try {
      await change();
      if (done !== undefined) notify({ kind: 'success', text: done });
      await this.#week.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  #tick(task: Task, done: boolean): Promise<void> {
    return this.#change(() => agenda.put('/homework/:id/done', { params: { id: task.id }, body: { done } }));
  }

  async #remove(task: Task): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('task.removeTitle', { title: task.title }),
      text: this.t('task.removeText'),
      confirm: this.t('task.remove'),
      danger: true,
    });
    if (sure) await this.#change(() => agenda.delete('/homework/:id', { params: { id: task.id } }), this.t('task.removed'));
  }

  #given(): void {
    this.giving = false;
    notify({ kind: 'success', text: this.t('give.given') });
    void this.#week.run();
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('week.title')}>${this.#week.value?.mayGive ? this.#giveAction() : nothing}</il-page-head>
        ${this.#classLinks()}
        ${this.#week.render({
          pending: () => (this.#week.value ? this.#shown(this.#week.value) : html`<il-skeleton lines="8"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#week.run()}></il-problem>`,
          complete: (week) => (week === null ? this.#noClass() : this.#shown(week)),
        })}
      </div>
    `;
  }

  #giveAction() {
    return html`<wa-button slot="actions" variant="brand" @click=${() => (this.giving = true)}>
      <il-icon slot="start" name="plus"></il-icon>${this.t('give.title')}
    </wa-button>`;
  }

  #classLinks() {
    const classes = this.#classes.value ?? [];
    if (classes.length < 2) return nothing;
    return html`<nav aria-label=${this.t('week.classes')}>
      <ul class="classes">
        ${classes.map(
          ({ id, name }) => html`<li>
            <a href="/agenda/${id}" aria-current=${id === this.#classId ? 'page' : nothing}>${name}</a>
          </li>`,
        )}
      </ul>
    </nav>`;
  }

  #noClass() {
    if (this.#classes.value === undefined) return html`<il-skeleton lines="8"></il-skeleton>`;
    return html`<il-empty icon="users" heading=${this.t('week.noClass')} text=${this.t('week.noClassText')}></il-empty>`;
  }

  #shown({ class: { id, name }, mayGive, monday, today, tasks }: Week) {
    const days = daysFrom(monday).filter((day, index) => index < schoolDays || tasks.some(({ dueOn }) => dueOn === day));
    return html`
      <div class="weeks">
        <h2>${this.t('week.heading', { name, from: formatDate(monday, 'short') })}</h2>
        <a href=${this.#href(addDays(monday, -7))}>${this.t('week.previous')}</a>
        <a href=${this.#href(today)}>${this.t('week.current')}</a>
        <a href=${this.#href(addDays(monday, 7))}>${this.t('week.next')}</a>
      </div>
      <ol class="days">
        ${days.map((day) => this.#day({ day, today, tasks, mayGive }))}
      </ol>
      <il-slot name="agenda.week" .context=${{ classId: id, monday }}></il-slot>
      <agenda-give-dialog
        .classId=${id}
        .day=${addDays(today, 1)}
        .open=${this.giving}
        @il-close=${() => (this.giving = false)}
        @agenda-given=${this.#given}
      ></agenda-give-dialog>
    `;
  }

  #day({ day, today, tasks, mayGive }: { day: string } & Pick<Week, 'today' | 'tasks' | 'mayGive'>) {
    const due = tasks.filter(({ dueOn }) => dueOn === day);
    return html`<li class="day ${day === today ? 'today' : ''}">
      <h3>${formatDate(day, 'day')} ${day === today ? html`<span class="muted small">${this.t('week.today')}</span>` : nothing}</h3>
      ${
        due.length === 0
          ? html`<p class="muted">${this.t('week.nothing')}</p>`
          : html`<ul class="tasks">
              ${due.map(
                (task) => html`<li>
                  <agenda-task-card
                    .task=${task}
                    ?changeable=${mayGive}
                    @agenda-tick=${(event: CustomEvent<boolean>) => this.#tick(task, event.detail)}
                    @agenda-remove=${() => this.#remove(task)}
                  ></agenda-task-card>
                </li>`,
              )}
            </ul>`
      }
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'agenda-week-page': WeekPage;
  }
}
