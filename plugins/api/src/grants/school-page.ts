import type { Answer } from '@ilearn/core';
import { directory } from '@ilearn/plugin-directory/client';
import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { appStyles } from '../apps/app-styles.js';
import { scopeLabel } from '../apps/scope-label.js';
import { apps } from '../client.js';
import type { grantRoutes } from './routes.js';
import './app-usage.js';

type App = Answer<typeof grantRoutes, 'GET', '/schools/:school/apps'>['apps'][number];

/** `/school/apps`: what a school lets apps of partners do, and what they asked. */
@customElement('api-school-page')
export class SchoolPage extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  /** Id of the chosen school; empty: the first. */
  @state() private school = '';
  /** What is ticked but not saved, by app. */
  @state() private ticked: Readonly<Record<string, readonly string[]>> = {};
  @state() private busy = '';

  #schools = new Task(this, {
    task: async (_, { signal }) => {
      const [{ schools }, { scopes }] = await Promise.all([
        directory.get('/schools', { signal }),
        apps.get('/reference', { signal }),
      ]);
      return { schools, scopes };
    },
    args: () => [],
  });

  #apps = new Task(this, {
    task: async ([school], { signal }) =>
      school === '' ? null : apps.get('/schools/:school/apps', { params: { school }, signal }),
    args: () => [this.#chosen()] as const,
  });

  #chosen(): string {
    return this.school || (this.query.get('school') ?? this.#schools.value?.schools[0]?.id ?? '');
  }

  async #act(app: App, text: string, act: () => Promise<unknown>): Promise<void> {
    if (this.busy !== '') return;
    this.busy = app.id;
    try {
      await act();
      const { [app.id]: _, ...others } = this.ticked;
      this.ticked = others;
      notify({ kind: 'success', text });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = '';
    }
    await this.#apps.run();
  }

  #save(app: App): Promise<void> | undefined {
    const scopes = [...(this.ticked[app.id] ?? app.granted)];
    if (scopes.length === 0) {
      notify({ kind: 'error', text: this.t('school.choose') });
      return;
    }
    const params = { school: this.#chosen(), app: app.id };
    const text = this.t('school.switchedOn', { name: app.name });
    return this.#act(app, text, () => apps.put('/schools/:school/apps/:app', { params, body: { scopes } }));
  }

  async #switchOff(app: App): Promise<void> {
    const { name } = app;
    const sure = await confirmDialog({
      title: this.t('school.switchOffTitle', { name }),
      text: this.t('school.switchOffText'),
      confirm: this.t('school.switchOff'),
      danger: true,
    });
    if (!sure) return;
    const params = { school: this.#chosen(), app: app.id };
    await this.#act(app, this.t('school.switchedOff', { name }), () => apps.delete('/schools/:school/apps/:app', { params }));
  }

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('school.title')}>
        <p>${this.t('school.intro')}</p>
        ${this.can('app:grant') ? nothing : html`<p>${this.t('school.onlyPrincipal')}</p>`}
      </il-page-head>
      ${this.#schools.render({
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#schools.run()}></il-problem>`,
        complete: ({ schools }) => (schools.length > 1 ? this.#choice(schools) : nothing),
      })}
      ${this.#apps.render({
        pending: () => (this.#apps.value ? this.#list(this.#apps.value.apps) : html`<il-skeleton lines="5"></il-skeleton>`),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#apps.run()}></il-problem>`,
        complete: (found) =>
          found === null
            ? nothing
            : html`${this.#list(found.apps)}<il-truncated ?more=${found.more} shown=${found.apps.length}></il-truncated>`,
      })}
    </div>`;
  }

  #choice(schools: readonly { id: string; name: string }[]) {
    return html`<label class="choice"
      >${this.t('school.school')}
      <select
        @change=${(event: Event) => {
          this.ticked = {};
          this.school = (event.target as HTMLSelectElement).value;
        }}
      >
        ${schools.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.#chosen()}>${name}</option>`)}
      </select>
    </label>`;
  }

  #list(found: readonly App[]) {
    if (found.length === 0) {
      return html`<il-empty icon="plug" heading=${this.t('school.none')} text=${this.t('school.noneText')}></il-empty>`;
    }
    return html`<ul class="list" aria-label=${this.t('school.title')}>
      ${found.map((app) => this.#app(app))}
    </ul>`;
  }

  #app(app: App) {
    const isOn = app.granted.length > 0;
    const since = app.since === null ? '' : formatDate(app.since, 'long');
    const may = this.can('app:grant') && app.active;
    const ticked = this.ticked[app.id] ?? app.granted;
    const scopes = this.#schools.value?.scopes ?? [];
    return html`<li class="item">
      <div class="about">
        <h2>${app.name}</h2>
        <p class="small muted">
          ${this.t('school.by', { provider: app.provider })} ·
          <a href=${app.website} rel="noreferrer" target="_blank">${this.t('school.website')}</a>
        </p>
        <span class="state ${isOn ? 'good' : ''}">
          <il-icon name=${isOn ? 'circle-check' : 'circle-pause'}></il-icon>${isOn ? this.t('school.on', { date: since }) : this.t('school.off')}
        </span>
        ${app.active ? nothing : html`<wa-callout variant="warning">${this.t('school.inactive')}</wa-callout>`}
        <p>${app.description}</p>
        <fieldset>
          <legend class="strong">${this.t('school.may')}</legend>
          ${app.scopes.map(
            (name) => html`<wa-checkbox
              .checked=${ticked.includes(name)}
              ?disabled=${!may}
              @change=${(event: Event) => {
                const others = ticked.filter((each) => each !== name);
                const now = (event.target as HTMLInputElement).checked ? [...others, name] : others;
                this.ticked = { ...this.ticked, [app.id]: now };
              }}
              >${scopeLabel(this, scopes, name)}</wa-checkbox
            >`,
          )}
        </fieldset>
        ${may || isOn ? html`<div class="actions">${this.#buttons(app, isOn, may)}</div>` : nothing}
        ${
          isOn || app.calls > 0
            ? html`<wa-details .summary=${`${this.t('school.usage')}: ${this.t('school.calls', { count: app.calls })}`}>
                <api-app-usage .school=${this.#chosen()} .app=${app.id}></api-app-usage>
              </wa-details>`
            : nothing
        }
      </div>
    </li>`;
  }

  #buttons(app: App, isOn: boolean, may: boolean) {
    const name = html`<span class="visually-hidden"> – ${app.name}</span>`;
    const changed = this.ticked[app.id] !== undefined;
    return html`
      ${
        may && (!isOn || changed)
          ? html`<wa-button variant="brand" ?loading=${this.busy === app.id} @click=${() => this.#save(app)}>
              ${this.t(isOn ? 'school.save' : 'school.switchOn')}${name}
            </wa-button>`
          : nothing
      }
      ${
        isOn && this.can('app:grant')
          ? html`<wa-button appearance="outlined" @click=${() => this.#switchOff(app)}>${this.t('school.switchOff')}${name}</wa-button>`
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-school-page': SchoolPage;
  }
}
