import { foreignLanguage, formatMinutes, languageName, PortalElement, type Station, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourOf } from '../client/line.js';
import type { PathDetail, StepDetail } from './model.js';
import './new-path-dialog.js';
import { warningOf } from './step-list.js';

/**
 * Shows a colleague's or shared path, to read, copy and, if shared, assign.
 * @fires myway-give
 * @fires myway-preview
 */
@customElement('myway-path-view')
export class PathView extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles];

  @property({ attribute: false }) path: PathDetail | undefined;

  @state() private copying = false;

  #station(step: StepDetail): Station {
    const warning = warningOf(step);
    const facts = [
      step.kind === null ? '' : this.t(`kind.${step.kind}`),
      formatMinutes(step.minutes),
      step.required ? '' : this.t('builder.optional'),
      warning ? this.t(`builder.${warning}`) : '',
    ];
    return {
      label: step.shownTitle,
      language: step.title === null ? step.language : null,
      kind: step.kind ?? 'text',
      state: 'todo',
      detail: facts.filter(Boolean).join(' · '),
      href: step.kind === null ? undefined : `/bibliotheek/${step.activityId}`,
    };
  }

  override render() {
    const { path } = this;
    if (path === undefined) return nothing;
    const facts = [
      path.scope === 'shared' ? this.t('view.shared') : (path.owner ?? this.t('paths.formerColleague')),
      this.t('paths.steps', { count: path.steps.length }),
      formatMinutes(path.minutes || null),
      path.area?.label,
      foreignLanguage(path.language) === nothing ? undefined : languageName(path.language),
    ];
    const mayGive = path.scope === 'shared' && this.can('path:assign') && path.steps.length > 0;
    return html`
      <div class="page">
        <il-page-head
          heading=${path.title}
          heading-lang=${foreignLanguage(path.language)}
          .back=${{ href: '/paden', text: this.t('paths.title') }}
        >
          <p>${facts.filter(Boolean).join(' · ')}</p>
            <wa-button slot="actions" appearance="outlined" @click=${() => this.emit('myway-preview')}>
              <il-icon slot="start" name="eye"></il-icon>${this.t('builder.preview')}
            </wa-button>
            ${
              this.can('path:write')
                ? html`<wa-button
                  slot="actions"
                  appearance=${mayGive ? 'outlined' : 'accent'}
                  variant=${mayGive ? 'neutral' : 'brand'}
                  @click=${() => (this.copying = true)}
                ><il-icon slot="start" name="copy"></il-icon>${this.t('view.copy')}</wa-button>`
                : nothing
            }
            ${
              mayGive
                ? html`<wa-button slot="actions" appearance="accent" variant="brand" @click=${() => this.emit('myway-give')}>
                  <il-icon slot="start" name="send"></il-icon>${this.t('assign.button')}
                </wa-button>`
                : nothing
            }
        </il-page-head>
        ${path.description ? html`<p lang=${foreignLanguage(path.language)}>${path.description}</p>` : nothing}
        <p class="muted">${this.t(path.scope === 'shared' ? 'view.sharedHint' : 'view.colleagueHint')}</p>
        ${
          path.steps.length === 0
            ? html`<il-empty icon="route" heading=${this.t('preview.empty')}></il-empty>`
            : html`<il-line
              color=${colourOf(path.area)}
              label=${path.title}
              .stations=${path.steps.map((step) => this.#station(step))}
            ></il-line>`
        }
      </div>
      <myway-new-path-dialog ?open=${this.copying} .copyOf=${path} @il-close=${() => (this.copying = false)}></myway-new-path-dialog>
    `;
  }
}
