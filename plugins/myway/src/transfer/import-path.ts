import { ApiProblem, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { lossWords } from './loss-words.js';

/** A button that makes a path of a file, and opens it. */
@customElement('myway-import-path')
export class ImportPath extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @state() private busy = false;

  @query('input') private input!: HTMLInputElement;

  async #picked(): Promise<void> {
    const file = this.input.files?.[0];
    this.input.value = '';
    if (file === undefined || this.busy) return;
    this.busy = true;
    try {
      const { path, lost } = await this.#send(file);
      const what = lossWords(this, lost).join('; ');
      notify({ kind: 'success', text: what === '' ? this.t('transfer.imported') : this.t('transfer.leftOut', { what }) });
      await navigate(`/paden/${path.id}`);
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    } finally {
      this.busy = false;
    }
  }

  /** Sends the file to the only school of the teacher, or to the first of several. */
  async #send(file: File) {
    const post = (school?: string) =>
      myway.post('/path-files', { query: { school }, body: new Blob([file], { type: 'application/octet-stream' }) });
    try {
      return await post();
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || !problem.type.endsWith('/school-needed')) throw problem;
      return post((await myway.get('/schools'))[0]?.id);
    }
  }

  override render() {
    return html`
      <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.input.click()}>
        <il-icon slot="start" name="upload"></il-icon>${this.t('transfer.import')}
      </wa-button>
      <input type="file" hidden accept=".json,.imscc,.zip" aria-label=${this.t('transfer.import')} @change=${this.#picked} />
    `;
  }
}
