import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, formatMinutes, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { loadedPage } from '../../shared/loaded-page.js';
import { tabStyles } from '../../shared/tabs.js';
import type { coachingRoutes } from '../routes.js';
import './coaching-agreement.js';
import { coachingMark } from './coaching-mark.js';

type Details = Answer<typeof coachingRoutes, 'GET', '/coachings/:id'>;
type Entry = Details['entries'][number];
type Action = 'approve' | 'decline' | 'accept' | 'pass' | 'send-back' | 'close' | 'withdraw';

const kinds = ['visit', 'online', 'preparation', 'other'] as const;

/** What each part may do in each state; those with a reason ask for it. */
const actions: { action: Action; in: string[]; by: string[]; reason?: boolean }[] = [
  { action: 'approve', in: ['submitted'], by: ['principal'] },
  { action: 'decline', in: ['submitted'], by: ['principal'], reason: true },
  { action: 'accept', in: ['proposed'], by: ['coach'] },
  { action: 'pass', in: ['proposed'], by: ['coach'], reason: true },
  { action: 'close', in: ['report_submitted'], by: ['requester', 'principal'] },
  { action: 'send-back', in: ['report_submitted'], by: ['requester', 'principal'], reason: true },
  {
    action: 'withdraw',
    in: ['submitted', 'matching', 'proposed', 'active'],
    by: ['requester', 'principal', 'planner'],
    reason: true,
  },
];

/** `/academie/coaching/:id`: a coaching: its hours, who confirmed them, and the report. */
@customElement('academy-coaching-page')
export class CoachingPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 40rem;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--il-space-4);
      }
      .private {
        padding-inline-start: var(--il-space-3);
        border-inline-start: 3px solid var(--il-edge);
      }
      .text {
        white-space: pre-line;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};
  @state() private asking: Action | undefined;
  @state() private reason = '';
  @state() private fault: string | undefined;

  get #side(): 'provider' | 'school' {
    return this.can('academy:deliver') ? 'provider' : 'school';
  }

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }): Promise<Details> => academy.get('/coachings/:id', { params: { id }, signal }),
    args: () => [this.params['id'] ?? ''] as const,
  });

  override render() {
    return loadedPage(this.#loaded, { head: () => this.#head(this.t('coaching.one')), page: (each) => this.#page(each) });
  }

  #head(title: string, content: unknown = nothing) {
    const href = this.#side === 'provider' ? '/academie/coachings' : '/academie/coaching';
    return html`<il-page-head heading=${title} .back=${{ href, text: this.t('coaching.title') }}>${content}</il-page-head>`;
  }

  #page(coaching: Details) {
    const { goal, schoolName, providerName, requester, coach, tool, parts, reason } = coaching;
    const possible = actions.filter((each) => each.in.includes(coaching.state) && each.by.some((part) => parts.includes(part)));
    return html`
      ${this.#head(
        goal,
        html`<p class="facts">
            ${[schoolName, requester, providerName, coach, tool].filter(Boolean).map((fact) => html`<span>${fact}</span>`)}
          </p>
          <p>${coachingMark((key, options) => this.t(key, options), coaching.state)}</p>`,
      )}
      ${reason === '' ? nothing : html`<p>${this.t('mine.reason', { reason })}</p>`}
      <academy-coaching-agreement
        .coaching=${coaching}
        .side=${this.#side}
        @academy-changed=${() => this.#loaded.run()}
      ></academy-coaching-agreement>
      ${
        possible.length === 0
          ? nothing
          : html`<div class="actions">
              ${possible.map(
                (
                  each,
                  at,
                ) => html`<wa-button variant=${at === 0 && each.reason !== true ? 'brand' : nothing} appearance=${at === 0 && each.reason !== true ? nothing : 'outlined'}
                  @click=${() => (each.reason === true ? this.#ask(each.action) : this.#act(each.action))}>${this.t(`coaching.do.${each.action}`)}</wa-button>`,
              )}
            </div>`
      }
      ${this.#entries(coaching)} ${this.#entryForm(coaching)} ${this.#reports(coaching)} ${this.#question()}
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
    `;
  }

  #entries({ entries, state: now }: Details) {
    if (entries.length === 0) return nothing;
    const reversed = new Set(entries.flatMap(({ reverses }) => reverses ?? []));
    return html`<section class="stack" aria-labelledby="entries">
      <h2 id="entries">${this.t('coaching.log')}</h2>
      <ol class="list">
        ${entries.map(
          (entry) => html`<li class="row">
            <span class="grow">
              <span class="strong">${formatDate(entry.day, 'day')} · ${entry.minutes < 0 ? '−' : ''}${formatMinutes(Math.abs(entry.minutes))} · ${this.t(`coaching.kinds.${entry.kind}`)}</span>
              ${entry.note === '' ? nothing : html`<br />${entry.note}`}
              ${entry.privateNote === null ? nothing : html`<br /><span class="private small">${this.t('coaching.private')}: ${entry.privateNote}</span>`}
              <br /><span class="small muted">${this.#confirmation(entry)}</span>
            </span>
            ${now === 'active' ? this.#entryActions(entry, reversed.has(entry.id)) : nothing}
          </li>`,
        )}
      </ol>
    </section>`;
  }

  #confirmation({ byCoach, bySchool }: Entry): string {
    if (byCoach && bySchool) return this.t('coaching.confirmed');
    return this.t(byCoach ? 'coaching.schoolMissing' : 'coaching.coachMissing');
  }

  #entryActions({ id, byCoach, bySchool, reverses }: Entry, isReversed: boolean) {
    const missing = this.#side === 'provider' ? !byCoach : !bySchool;
    return html`<span class="actions">
      ${missing ? html`<wa-button size="s" variant="brand" @click=${() => this.#confirm(id)}>${this.t('coaching.confirm')}</wa-button>` : nothing}
      ${reverses === null && !isReversed ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#reverse(id)}>${this.t('coaching.reverse')}</wa-button>` : nothing}
    </span>`;
  }

  #entryForm({ state: now, parts }: Details) {
    if (now !== 'active' || !(parts.includes('coach') || parts.includes('requester'))) return nothing;
    const byCoach = parts.includes('coach');
    return html`<form @submit=${this.#add} aria-labelledby="add">
      <h2 id="add">${this.t('coaching.add')}</h2>
      <div class="pair">
        <wa-input name="day" type="date" label=${this.t('event.day')} required></wa-input>
        <wa-input name="minutes" type="number" min="15" step="15" label=${this.t('coaching.minutes')} .value=${'60'}></wa-input>
        <wa-select name="kind" label=${this.t('coaching.kind')} .value=${'visit'}>
          ${kinds.map((kind) => html`<wa-option value=${kind}>${this.t(`coaching.kinds.${kind}`)}</wa-option>`)}
        </wa-select>
      </div>
      <wa-textarea name="note" label=${this.t('coaching.note')} maxlength="2000"></wa-textarea>
      ${byCoach ? html`<wa-textarea name="privateNote" label=${this.t('coaching.private')} hint=${this.t('coaching.privateHint')} maxlength="2000"></wa-textarea>` : nothing}
      <div class="actions"><wa-button type="submit" variant="brand">${this.t('coaching.addDo')}</wa-button></div>
    </form>`;
  }

  #reports({ reports, state: now, parts }: Details) {
    return html`${
      reports.length === 0
        ? nothing
        : html`<section class="stack" aria-labelledby="reports">
            <h2 id="reports">${this.t('coaching.report')}</h2>
            ${reports.map(({ text, at }) => html`<p class="small muted">${formatDate(at, 'long')}</p><p class="text">${text}</p>`)}
          </section>`
    }
    ${
      now === 'active' && parts.includes('coach')
        ? html`<form @submit=${this.#report}>
            <h2>${this.t('coaching.report')}</h2>
            <wa-textarea name="text" rows="6" maxlength="10000" label=${this.t('coaching.reportText')}></wa-textarea>
            <div class="actions"><wa-button type="submit" appearance="outlined">${this.t('coaching.reportDo')}</wa-button></div>
          </form>`
        : nothing
    }`;
  }

  #question() {
    const asking = this.asking;
    return html`<il-dialog heading=${asking === undefined ? '' : this.t(`coaching.do.${asking}`)} .open=${asking !== undefined} @il-close=${() => this.#ask(undefined)}>
      <wa-textarea
        label=${this.t('team.reason')}
        hint=${this.t('team.reasonHint')}
        maxlength="500"
        .value=${this.reason}
        @input=${(event: Event) => this.#because((event.target as HTMLTextAreaElement).value)}
      ></wa-textarea>
      <wa-button slot="footer" variant="brand" ?disabled=${this.reason.trim() === ''} @click=${() => this.#act(asking as Action)}
        >${asking === undefined ? '' : this.t(`coaching.do.${asking}`)}</wa-button
      >
    </il-dialog>`;
  }

  #ask(action: Action | undefined): void {
    this.asking = action;
    this.reason = '';
  }

  #because(reason: string): void {
    this.reason = reason;
  }

  async #act(action: Action): Promise<void> {
    const body = { action, reason: this.reason.trim() };
    this.asking = undefined;
    await this.#change((id) => academy.post('/coachings/:id/actions', { params: { id }, body }));
  }

  async #add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const body = {
      day: this.#value('day'),
      minutes: Number(this.#value('minutes')),
      kind: this.#value('kind') as (typeof kinds)[number],
      note: this.#value('note'),
      privateNote: this.#value('privateNote'),
    };
    await this.#change((id) => academy.post('/coachings/:id/entries', { params: { id }, body }));
  }

  async #report(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = this.#value('text').trim();
    if (text === '') return;
    await this.#change((id) => academy.post('/coachings/:id/reports', { params: { id }, body: { text } }));
  }

  #confirm(entry: string) {
    return this.#change((id) => academy.post('/coachings/:id/entries/:entry/confirmation', { params: { id, entry } }));
  }

  #reverse(entry: string) {
    const body = { note: this.t('coaching.reversed') };
    return this.#change((id) => academy.post('/coachings/:id/entries/:entry/reversal', { params: { id, entry }, body }));
  }

  #value(name: string): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? '';
  }

  async #change(call: (id: string) => Promise<unknown>): Promise<void> {
    this.fault = undefined;
    try {
      await call(this.params['id'] ?? '');
      notify({ kind: 'success', text: this.t('edit.saved') });
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    }
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-coaching-page': CoachingPage;
  }
}
