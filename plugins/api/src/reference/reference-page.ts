import { api, formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { appStyles } from '../apps/app-styles.js';
import { scopeLabel } from '../apps/scope-label.js';
import { apps } from '../client.js';

/** The part of the OpenAPI document that this page shows. */
interface Document {
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  summary: string;
  'x-machines'?: { scope?: string; cost?: number };
  'x-deprecation'?: { since: string; sunset?: string };
}

/** `/ontwikkelaars/naslag`: how to begin, and what an app can ask, from the OpenAPI document of the portal. */
@customElement('api-reference-page')
export class ReferencePage extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  #known = new Task(this, {
    task: async (_, { signal }) => {
      const [reference, { paths }] = await Promise.all([
        apps.get('/reference', { signal }),
        api.get<Document>('/api/openapi.json', { signal }),
      ]);
      const operations = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).flatMap(([method, operation]) =>
          operation['x-machines']?.scope === undefined ? [] : [{ route: `${method.toUpperCase()} ${path}`, ...operation }],
        ),
      );
      return { reference, operations };
    },
    args: () => [],
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('reference.title')} .back=${{ href: '/ontwikkelaars', text: this.t('apps.title') }}></il-page-head>
      ${this.#known.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#known.run()}></il-problem>`,
        complete: ({ reference, operations }) => {
          const old = operations.filter((each) => each['x-deprecation'] !== undefined);
          return html`
            <section class="stack">
              <h2>${this.t('reference.start')}</h2>
              <ol>
                ${(['register', 'approve', 'grant', 'token'] as const).map((step) => html`<li>${this.t(`reference.steps.${step}`)}</li>`)}
              </ol>
              <h3>${this.t('reference.example')}</h3>
              <pre tabindex="0">curl ${reference.token} \\
  -d grant_type=client_credentials -d client_id=… -d client_secret=… \\
  -d scope=directory.classes:read</pre>
            </section>
            <section class="stack">
              <h2>${this.t('reference.addresses')}</h2>
              <dl>
                ${(['issuer', 'token', 'revoke', 'openapi'] as const).map(
                  (key) => html`<dt>${this.t(`reference.${key}`)}</dt><dd>${reference[key]}</dd>`,
                )}
              </dl>
            </section>
            <section>
              <h2>${this.t('reference.scopes')}</h2>
              ${this.#table(
                ['scope', 'meaning'],
                reference.scopes.map(({ name }) => [html`<code>${name}</code>`, scopeLabel(this, reference.scopes, name)]),
              )}
            </section>
            <section>
              <h2>${this.t('reference.routes')}</h2>
              ${this.#table(
                ['route', 'summary', 'scope', 'cost'],
                operations.map(({ route, summary, 'x-machines': machines }) => [
                  html`<code>${route}</code>`,
                  html`<span lang="en">${summary}</span>`,
                  html`<code>${machines?.scope}</code>`,
                  machines?.cost ?? 1,
                ]),
              )}
            </section>
            <section>
              <h2>${this.t('reference.messages')}</h2>
              ${this.#table(
                ['message', 'scope'],
                reference.messages.map(({ name, scope }) => [
                  html`<code>${name}</code>`,
                  scope === null ? '–' : html`<code>${scope}</code>`,
                ]),
              )}
            </section>
            <section>
              <h2>${this.t('reference.changes')}</h2>
              ${
                old.length === 0
                  ? html`<p class="muted">${this.t('reference.noChanges')}</p>`
                  : this.#table(
                      ['route', 'since', 'sunset'],
                      old.map(({ route, 'x-deprecation': when }) => [
                        html`<code>${route}</code>`,
                        formatDate(when?.since ?? '', 'long'),
                        when?.sunset === undefined ? nothing : formatDate(when.sunset, 'long'),
                      ]),
                    )
              }
            </section>
          `;
        },
      })}
    </div>`;
  }

  #table(columns: readonly string[], rows: readonly unknown[][]) {
    return html`<div class="scroll-x" tabindex="0">
      <table class="stacked">
        <thead>
          <tr>
            ${columns.map((key) => html`<th scope="col">${this.t(`reference.${key}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (cells) => html`<tr>
              ${cells.map((cell, index) => html`<td data-label=${this.t(`reference.${columns[index]}`)}>${cell}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-reference-page': ReferencePage;
  }
}
