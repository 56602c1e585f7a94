import { type CSSResult, css } from 'lit';

/** What our tokens alone can't say, added to the styles of Web Awesome's elements. */
const LOOK: Record<string, CSSResult> = {
  'wa-icon': css`
    svg {
      fill: none;
      stroke: currentcolor;
      stroke-width: 2;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
  'wa-progress-bar': css`
    :host {
      --indicator-color: var(--il-ink);
      --track-color: var(--il-rule);
    }
  `,
  'wa-checkbox': css`
    :host {
      --checked-icon-color: var(--il-paper);
      --checked-icon-scale: 1;
    }
    [part~='icon']::part(svg) {
      stroke-width: 3;
    }
    [part~='label'] {
      padding-block-start: calc((var(--wa-form-control-toggle-size) - 1lh) / 2);
    }
  `,
  'wa-radio': css`
    [part~='label'] {
      padding-block-start: calc((var(--wa-form-control-toggle-size) - 1lh) / 2);
    }
  `,
  'wa-tab-group': css`
    :host {
      --indicator-color: var(--il-ink);
      --track-color: var(--il-rule);
      --track-width: 3px;
    }
  `,
  'wa-spinner': css`
    :host {
      --indicator-color: var(--il-ink);
      --track-color: var(--il-rule);
    }
  `,
  'wa-button': css`
    .button {
      border-width: 2px;
    }
    :host([variant='brand']:not([appearance])) .button,
    :host([variant='brand'][appearance='accent']) .button {
      font-weight: 720;
      border-color: var(--il-action-edge);
    }
    :host([variant='brand']:not([appearance])) .button:not(.disabled, .loading):hover,
    :host([variant='brand'][appearance='accent']) .button:not(.disabled, .loading):hover {
      background-color: var(--il-action-hover);
    }
  `,
};

/** Adds the look to elements that are defined already, before the first of them is made. */
export function applyLook(): void {
  for (const [tag, style] of Object.entries(LOOK)) {
    const element = customElements.get(tag) as unknown as { elementStyles: CSSResult[] };
    element.elementStyles.push(style);
  }
}
