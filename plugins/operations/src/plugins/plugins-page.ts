import { ApiProblem, announce, confirmDialog, locale, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { operations } from '../client.js';
import type { PluginReport } from './shapes.js';
import { pluginsStyles } from './styles.js';

const POLL_MS = 1_000;

type Verb = 'retry' | 'enable' | 'disable';

/** `/beheer/modules`: the portal's plugins and their faults, with actions to enable, disable or retry a plugin. */
@customElement('operations-plugins-page')
export class PluginsPage extends PortalElement {
  static override ns = 'operations';
  static override styles = [sharedStyles, pluginsStyles];

  /** Actions started on this page whose outcome has not been reported yet. */
  readonly #asked = new Map<string, Verb>();
  #poll: ReturnType<typeof setTimeout> | undefined;

  #plugins = new Task(this, {
    task: (_, { signal }) => operations.get('/plugins', { signal }),
    args: () => [],
    onComplete: (plugins) => this.#follow(plugins),
    // A request may fail while plugins start and stop; keep polling to report pending outcomes.
    onError: () => this.#asked.size > 0 && this.#lookAgain(),
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#poll);
  }

  /** Polls while a plugin is changing, and reports the outcome of actions started on this page. */
  #follow(plugins: readonly PluginReport[]): void {
    for (const { id, title, state, changing } of plugins) {
      const verb = this.#asked.get(id);
      if (verb === undefined || changing) continue;
      this.#asked.delete(id);
      const well = verb === 'disable' ? state === 'disabled' : state === 'started';
      notify({ kind: well ? 'success' : 'error', text: this.t(`plugins.${well ? 'done' : 'failed'}.${verb}`, { name: title }) });
    }
    if (plugins.some(({ changing }) => changing)) this.#lookAgain();
  }

  #lookAgain(): void {
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => void this.#plugins.run(), POLL_MS);
  }

  async #refresh(): Promise<void> {
    await this.#plugins.run();
    announce(this.t('plugins.refreshed'));
  }

  async #ask(id: string, verb: Verb, send: () => Promise<unknown>): Promise<void> {
    try {
      await send();
      this.#asked.set(id, verb);
    } catch (problem) {
      const stale = problem instanceof ApiProblem && [404, 409].includes(problem.status);
      notify({ kind: stale ? 'info' : 'error', text: stale ? this.t('plugins.stale') : (problem as Error).message });
    }
    await this.#plugins.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  #retry({ id }: PluginReport): Promise<void> {
    return this.#ask(id, 'retry', () => operations.post('/plugins/:id/retry', { params: { id } }));
  }

  #enable({ id }: PluginReport): Promise<void> {
    return this.#ask(id, 'enable', () => operations.post('/plugins/:id/enable', { params: { id } }));
  }

  async #disable({ id, title, dependants }: PluginReport): Promise<void> {
    const all = [id, ...dependants];
    const sure = await confirmDialog({
      title: this.t('plugins.disableTitle', { name: title }),
      text: [
        dependants.length > 0 ? this.t('plugins.disableWith', { count: dependants.length, names: this.#names(dependants) }) : '',
        this.t('plugins.disableText'),
        all.includes('operations') ? this.t('plugins.disableThis') : '',
      ].join(' '),
      confirm: dependants.length > 0 ? this.t('plugins.disableAll', { count: all.length }) : this.t('plugins.disableConfirm'),
      danger: true,
    });
    if (!sure) return;
    const body = { withDependants: dependants.length > 0 };
    await this.#ask(id, 'disable', () => operations.post('/plugins/:id/disable', { params: { id }, body }));
    // This page's own plugin was disabled.
    if (all.includes('operations')) location.assign('/');
  }

  #names(ids: readonly string[]): string {
    const titles = new Map(this.#plugins.value?.map(({ id, title }) => [id, title]));
    return new Intl.ListFormat(locale()).format(ids.map((id) => titles.get(id) ?? id));
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('plugins.title')}>
          <p>${this.t('plugins.intro')}</p>
          <wa-button slot="actions" appearance="outlined" @click=${() => this.#refresh()}>
            <il-icon slot="start" name="refresh-cw"></il-icon>${this.t('plugins.refresh')}
          </wa-button>
        </il-page-head>
        ${this.#plugins.render({
          pending: () => (this.#plugins.value ? this.#list(this.#plugins.value) : html`<il-skeleton lines="8"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#plugins.run()}></il-problem>`,
          complete: (plugins) => this.#list(plugins),
        })}
      </div>
    `;
  }

  #list(plugins: readonly PluginReport[]) {
    const out = plugins.filter(({ state }) => state === 'quarantined');
    const partly = plugins.filter(({ state, resting }) => state !== 'quarantined' && resting.length > 0);
    const rest = plugins.filter((each) => !out.includes(each) && !partly.includes(each));
    const told = [
      out.length > 0 ? this.t('plugins.someOut', { count: out.length }) : '',
      partly.length > 0 ? this.t('plugins.somePartly', { count: partly.length }) : '',
    ].filter((text) => text !== '');
    return html`
      <p role="status" class=${told.length > 0 ? 'strong' : 'muted'}>
        ${told.length > 0 ? told.join(' ') : this.t('plugins.allWell')}
      </p>
      <ul class="list" aria-label=${this.t('plugins.title')}>
        ${[...out, ...partly, ...rest].map((each) => this.#plugin(each, plugins))}
      </ul>
    `;
  }

  #plugin(report: PluginReport, all: readonly PluginReport[]) {
    const { id, title, version, contract, state, code, resting, causes, requires, dependants } = report;
    const partly = state === 'started' && resting.length > 0;
    const needed = [report, ...all.filter((each) => dependants.includes(each.id))].filter(({ required }) => required);
    return html`<li class="plugin">
      <div>
        <div class="name">
          <h2>${title}</h2>
          <span class="muted small">${report.package} ${version}</span>
          ${
            contract === null
              ? nothing
              : html`<span class="muted small">${this.t('plugins.contract', { number: contract })}</span>`
          }
        </div>
        ${this.#state(report)}
        ${
          state === 'quarantined' || partly
            ? html`<div class="cause">
                <p>${partly ? this.t('plugins.partlyText', { count: resting.length }) : this.t(`plugins.codes.${code}`)}</p>
                ${causes.map(
                  ({ where, message, remedy }) => html`<p class="small" lang="en"><code>${where}</code> ${message}</p>
                    <p class="small muted" lang="en">→ ${remedy}</p>`,
                )}
              </div>`
            : nothing
        }
        ${
          state === 'disabled'
            ? html`<p class="small">${this.t('plugins.kept')}
                <code>ilearn plugin detach ${id}</code>, <code>ilearn plugin purge ${id}</code>.</p>`
            : nothing
        }
        ${requires.length + dependants.length > 0 ? html`<p class="small muted">${this.#links(requires, dependants)}</p>` : nothing}
        ${needed.length > 0 && state !== 'disabled' ? this.#needed(report, needed) : nothing}
        ${state === 'started' ? this.#cost(report) : nothing}
      </div>
      <div class="actions">${this.#buttons(report, needed.length > 0)}</div>
    </li>`;
  }

  #links(requires: readonly string[], dependants: readonly string[]): string {
    return [
      requires.length > 0 ? this.t('plugins.requires', { names: this.#names(requires) }) : '',
      dependants.length > 0 ? this.t('plugins.dependants', { names: this.#names(dependants) }) : '',
    ].join(' ');
  }

  #needed({ required }: PluginReport, needed: readonly PluginReport[]) {
    const names = this.#names(needed.map(({ id }) => id));
    return html`<p class="small muted">${this.t(required ? 'plugins.required' : 'plugins.requiredDependants', { names })}</p>`;
  }

  #cost({ cost: { bootMs, requests, requestMs, slowStatements, bundleBytes } }: PluginReport) {
    const number = (value: number, digits = 0) =>
      new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
    const parts = [
      this.t('plugins.cost.boot', { ms: number(bootMs) }),
      requestMs === null ? '' : this.t('plugins.cost.requests', { count: requests, ms: number(requestMs, 1) }),
      bundleBytes === null ? '' : this.t('plugins.cost.bundle', { kb: number(bundleBytes / 1_000) }),
    ].filter((text) => text !== '');
    return html`<p class="small muted">
      ${parts.join(' · ')}${
        slowStatements > 0 ? html` · <span class="bad">${this.t('plugins.cost.slow', { count: slowStatements })}</span>` : nothing
      }
    </p>`;
  }

  #state({ state, phase, code, resting, changing }: PluginReport) {
    if (changing) return html`<span class="state"><il-icon name="hourglass"></il-icon>${this.t('plugins.changing')}</span>`;
    if (state === 'started' && resting.length > 0)
      return html`<span class="state bad"><il-icon name="circle-pause"></il-icon>${this.t('plugins.partly', { count: resting.length })}</span>`;
    if (state === 'started')
      return html`<span class="state good"><il-icon name="circle-check"></il-icon>${this.t('plugins.states.started')}</span>`;
    if (state !== 'quarantined')
      return html`<span class="state"><il-icon name="circle-pause"></il-icon>${this.t(`plugins.states.${state}`)}</span>`;
    const rests = code === 'too-many-failures';
    return html`<span class="state bad"><il-icon name=${rests ? 'circle-pause' : 'circle-x'}></il-icon>
      ${this.t(rests ? 'plugins.states.resting' : 'plugins.states.quarantined', { phase: this.t(`plugins.phases.${phase}`) })}
    </span>`;
  }

  #buttons(report: PluginReport, needed: boolean) {
    const { title, state, resting, changing } = report;
    if (changing || !this.can('operations:write')) return nothing;
    const button = (
      verb: Verb,
      act: () => void,
    ) => html`<wa-button size="s" appearance=${verb === 'disable' ? 'plain' : 'outlined'} @click=${act}>
      ${this.t(`plugins.${verb}`)}<span class="visually-hidden"> – ${title}</span>
    </wa-button>`;
    if (state === 'disabled') return button('enable', () => void this.#enable(report));
    return html`
      ${state === 'quarantined' || resting.length > 0 ? button('retry', () => void this.#retry(report)) : nothing}
      ${needed ? nothing : button('disable', () => void this.#disable(report))}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'operations-plugins-page': PluginsPage;
  }
}
