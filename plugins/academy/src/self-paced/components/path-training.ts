import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';

interface Training {
  id: string;
  title: string;
  attended: boolean;
}

/** On the page of a path of MyWay that a colleague follows: the way back to the training that it belongs to. Nothing if there is none. */
@customElement('academy-path-training')
export class PathTraining extends PortalElement {
  static override ns = 'academy';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: { assignmentId: string; complete: boolean } | undefined;

  @state() private training: Training | null = null;

  #asked = '';

  override willUpdate(): void {
    const { assignmentId, complete } = this.context ?? {};
    // Finishing the path changes what the training says of it.
    const asked = `${assignmentId} ${complete}`;
    if (assignmentId === undefined || asked === this.#asked) return;
    this.#asked = asked;
    void this.#load(assignmentId);
  }

  async #load(id: string): Promise<void> {
    try {
      this.training = (await academy.get('/my-learning/paths/:id', { params: { id } })).training;
    } catch {
      // The path itself is there without it.
      this.training = null;
    }
  }

  override render() {
    const { training } = this;
    if (training === null) return nothing;
    const words = this.t(training.attended ? 'selfPaced.attended' : 'selfPaced.partOf');
    return html`<p>${words} <a href="/academie/vorming/${training.id}">${training.title}</a></p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-path-training': PathTraining;
  }
}
