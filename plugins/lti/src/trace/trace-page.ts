import { formatDate, navigate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { z } from 'zod';
import { choiceStyles } from '../choice-styles.js';
import { lti } from '../client.js';
import type { foundLine } from './routes.js';

type Line = z.output<typeof foundLine>;

const filters = ['code', 'tool', 'school', 'hour'] as const;
type Filter = (typeof filters)[number];

/** `/beheer/tools/verloop`: what happened between the portal and its tools. The filter is in the address. */
@customElement('lti-trace-page')
export class TracePage extends PortalElement {
  static override ns = 'lti';
  static override styles = [
    sharedStyles,
    choiceStyles,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
        gap: var(--il-space-4);
        align-items: start;
      }
      form .actions {
        grid-column: 1 / -1;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
      }
      th,
      td {
        padding: var(--il-space-2) var(--il-space-4) var(--il-space-2) 0;
        border-bottom: 1px solid var(--il-rule);
        text-align: start;
        vertical-align: top;
      }
      .when {
        white-space: nowrap;
      }
      .refused {
        color: var(--il-bad);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private values: Partial<Record<Filter, string>> = {};
  @state() private further: Line[] = [];
  @state() private more = false;

  readonly #choices = new Task(this, { task: (_, { signal }) => lti.get('/trace/filters', { signal }), args: () => [] });

  readonly #found = new Task(this, {
    task: async ([query], { signal }) => this.#read(query, undefined, signal),
    args: () => [this.query.toString()] as const,
    onComplete: ({ more }) => {
      this.further = [];
      this.more = more;
    },
  });

  async #read(text: string, limit: number | undefined, signal?: AbortSignal) {
    const asked = new URLSearchParams(text);
    const hour = asked.get('hour');
    return lti.get('/trace', {
      query: {
        code: asked.get('code') ?? undefined,
        tool: asked.get('tool') ?? undefined,
        school: asked.get('school') ?? undefined,
        hour: hour === null ? undefined : new Date(hour).toISOString(),
        limit: limit ?? 50,
      },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('query')) this.values = Object.fromEntries(filters.map((name) => [name, this.query.get(name) ?? '']));
  }

  async #search(event: Event): Promise<void> {
    event.preventDefault();
    const asked = Object.entries(this.values).filter(([, value]) => value.trim() !== '');
    const text = new URLSearchParams(asked.map(([name, value]) => [name, value.trim()])).toString();
    await navigate(`/beheer/tools/verloop${text === '' ? '' : `?${text}`}`);
  }

  async #showMore(): Promise<void> {
    this.further = (await this.#read(this.query.toString(), 100)).lines.slice(this.#found.value?.lines.length ?? 0);
    this.more = false;
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('trace.page.title')} .back=${{ href: '/beheer/tools', text: this.t('tools.title') }}>
          <p>${this.t('trace.page.intro')}</p>
        </il-page-head>
        <form @submit=${this.#search}>
          ${this.#text('code', 'text', this.t('trace.page.codeHint'))} ${this.#choice('tool')} ${this.#choice('school')}
          ${this.#text('hour', 'datetime-local', '')}
          <div class="actions">
            <wa-button type="submit" variant="brand" @click=${this.#search}>
              <il-icon slot="start" name="search"></il-icon>${this.t('trace.page.find')}
            </wa-button>
          </div>
        </form>
        ${this.#found.render({
          pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#found.run()}></il-problem>`,
          complete: ({ lines }) => this.#lines([...lines, ...this.further]),
        })}
      </div>
    `;
  }

  #text(name: Filter, type: string, hint: string) {
    return html`<wa-input
      type=${type}
      maxlength="100"
      .label=${this.t(`trace.page.${name}`)}
      .hint=${hint}
      .value=${this.values[name] ?? ''}
      @input=${(event: Event) => (this.values = { ...this.values, [name]: (event.target as HTMLInputElement).value ?? '' })}
    ></wa-input>`;
  }

  #choice(name: 'tool' | 'school') {
    const choices = this.#choices.value?.[name === 'tool' ? 'tools' : 'schools'] ?? [];
    return html`<label class="choice"
      >${this.t(`trace.page.${name}`)}
      <select
        @change=${(event: Event) => (this.values = { ...this.values, [name]: (event.target as HTMLSelectElement).value })}
      >
        <option value="">${this.t('trace.page.all')}</option>
        ${choices.map((each) => html`<option value=${each.id} ?selected=${each.id === this.values[name]}>${each.name}</option>`)}
      </select>
    </label>`;
  }

  #lines(lines: readonly Line[]) {
    if (lines.length === 0) {
      return html`<il-empty icon="search" heading=${this.t('trace.page.none')} text=${this.t('trace.page.noneText')}></il-empty>`;
    }
    const head = (['when', 'tool', 'school', 'what', 'code'] as const).map(
      (name) => html`<th scope="col">${this.t(`trace.page.${name}`)}</th>`,
    );
    return html`
      <div class="scroll" tabindex="0" role="group" aria-label=${this.t('trace.page.title')}>
        <table>
          <thead>
            <tr>${head}</tr>
          </thead>
          <tbody>
            ${lines.map((line) => this.#line(line))}
          </tbody>
        </table>
      </div>
      ${
        this.more
          ? html`<wa-button appearance="outlined" @click=${this.#showMore}>${this.t('trace.page.more')}</wa-button>`
          : nothing
      }
    `;
  }

  #line({ at, tool, school, outcome, text, code, launchId }: Line) {
    const steps = `/beheer/tools/verloop?${new URLSearchParams({ code: launchId ?? code })}`;
    return html`<tr>
      <td class="when">${formatDate(at, 'day')} ${formatDate(at, 'time')}</td>
      <td>${tool ?? this.t('trace.page.unknown')}</td>
      <td>${school ?? '–'}</td>
      <td class=${outcome === 'ok' ? '' : 'refused'}>${text}</td>
      <td class="small"><a href=${steps} aria-label="${this.t('trace.page.steps')}: ${code}">${code}</a></td>
    </tr>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-trace-page': TracePage;
  }
}
