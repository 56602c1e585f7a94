import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Field, Period } from './shapes.js';

/** With more options than this, the control is a search field. */
const MANY = 20;
/** A text that may be longer than this gets a control with several lines. */
const LONG = 200;

export interface FieldControl {
  field: Field;
  value: unknown;
  /** The value was changed and not saved yet. */
  changed: boolean;
  error: string | undefined;
  t(key: string, options?: Record<string, unknown>): string;
  onChange(value: unknown): void;
  onTakeOver(periods: readonly Period[]): void;
}

const valueIn = (event: Event): string => (event.target as HTMLInputElement).value;

/** The control of one setting, with label, help and error. */
export function fieldControl(control: FieldControl): TemplateResult {
  const { field, value, onChange } = control;
  const { kind, name, label, options } = field;
  if (kind === 'boolean') {
    return html`<wa-switch .checked=${live(value === true)} .hint=${field.help} @change=${(event: Event) => onChange((event.target as HTMLInputElement).checked)}>${label}</wa-switch>`;
  }
  if (kind === 'choices') return choices(control);
  if (kind === 'periods') return periods(control);
  if (kind === 'choice' && options.length > MANY) {
    return html`<il-combobox
      .label=${label}
      .hint=${field.help}
      .error=${control.error ?? ''}
      .options=${options}
      .value=${value as string}
      @il-change=${(event: CustomEvent<{ value: string }>) => event.detail.value !== '' && onChange(event.detail.value)}
    ></il-combobox>`;
  }
  return html`<label for=${name}>${label}</label>
    ${field.help === '' ? nothing : html`<p class="hint" id="${name}-hint">${field.help}</p>`} ${single(control)} ${told(control)}`;
}

function single({ field, value, changed, error, t, onChange }: FieldControl) {
  const { kind, name, options, minimum, maximum, maxLength } = field;
  const described = `${name}-hint${error === undefined ? '' : ` ${name}-error`}`;
  const invalid = error === undefined ? nothing : 'true';
  if (kind === 'choice') {
    return html`<select id=${name} name=${name} aria-describedby=${described} @change=${(event: Event) => onChange(valueIn(event))}>
      ${options.map((option) => html`<option value=${option.value} .selected=${option.value === value}>${option.label}</option>`)}
    </select>`;
  }
  if (kind === 'text' && (maxLength ?? 0) > LONG) {
    return html`<textarea id=${name} name=${name} rows="4" maxlength=${maxLength ?? nothing} aria-describedby=${described} aria-invalid=${invalid} .value=${live(value as string)} @input=${(event: Event) => onChange(valueIn(event))}></textarea>`;
  }
  if (kind === 'secret') {
    return html`<input
      id=${name}
      name=${name}
      type="password"
      autocomplete="off"
      maxlength=${maxLength ?? nothing}
      aria-describedby=${described}
      aria-invalid=${invalid}
      placeholder=${value === true ? t('secretSet') : t('secretNone')}
      .value=${live(changed ? (value as string) : '')}
      @input=${(event: Event) => onChange(valueIn(event))}
    />`;
  }
  if (kind === 'integer' || kind === 'number') {
    // Keep text that is not a number, so that the server refuses it.
    const numberOf = (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text));
    return html`<input class="short" id=${name} name=${name} type="number" min=${minimum ?? nothing} max=${maximum ?? nothing} step=${kind === 'integer' ? '1' : 'any'} aria-describedby=${described} aria-invalid=${invalid} .value=${live(String(value))} @input=${(event: Event) => onChange(numberOf(valueIn(event)))} />`;
  }
  if (kind === 'date') {
    return html`<input class="short" id=${name} name=${name} type="date" aria-describedby=${described} aria-invalid=${invalid} .value=${live((value as string | null) ?? '')} @input=${(event: Event) => onChange(valueIn(event) || null)} />`;
  }
  return html`<input id=${name} name=${name} type="text" maxlength=${maxLength ?? nothing} aria-describedby=${described} aria-invalid=${invalid} .value=${live(value as string)} @input=${(event: Event) => onChange(valueIn(event))} />`;
}

function choices(control: FieldControl) {
  const { field, value, onChange } = control;
  const chosen = value as string[];
  const toggle = (option: string, on: boolean) =>
    onChange(field.options.map((each) => each.value).filter((each) => (each === option ? on : chosen.includes(each))));
  return html`<fieldset id="field-${field.name}">
    <legend>${field.label}</legend>
    ${hint(field)}
    <div class="checks">
      ${field.options.map(
        (option) => html`<wa-checkbox
          .checked=${live(chosen.includes(option.value))}
          @change=${(event: Event) => toggle(option.value, (event.target as HTMLInputElement).checked)}
          >${option.label}</wa-checkbox
        >`,
      )}
    </div>
    ${told(control)}
  </fieldset>`;
}

function periods(control: FieldControl) {
  const { field, value, t, onChange, onTakeOver } = control;
  const { name, label, most, proposals } = field;
  const list = value as Period[];
  const set = (index: number, part: Partial<Period>) =>
    onChange(list.map((period, at) => (at === index ? { ...period, ...part } : period)));
  const input = (index: number, part: keyof Period, word: string) =>
    html`<input
      type=${part === 'label' ? 'text' : 'date'}
      class=${part}
      aria-label="${word} ${index + 1}"
      maxlength=${part === 'label' ? '100' : nothing}
      .value=${live(list[index]?.[part] ?? '')}
      @input=${(event: Event) => set(index, { [part]: valueIn(event) })}
    />`;
  return html`<fieldset id="field-${name}">
    <legend>${label}</legend>
    ${hint(field)}
    ${
      list.length === 0
        ? html`<p class="muted">${t('noPeriods')}</p>`
        : html`<div class="period head small muted" aria-hidden="true"><span>${t('periodLabel')}</span><span>${t('from')}</span><span>${t('to')}</span></div>
            <ul class="periods">
              ${list.map(
                (period, index) => html`<li class="period">
                  ${input(index, 'label', t('periodLabel'))} ${input(index, 'from', t('from'))} ${input(index, 'to', t('to'))}
                  <wa-button
                    size="s"
                    appearance="plain"
                    @click=${() => onChange(list.filter((_, at) => at !== index))}
                    ><il-icon name="trash-2" label=${t('removePeriod', { name: period.label || index + 1 })}></il-icon
                  ></wa-button>
                </li>`,
              )}
            </ul>`
    }
    <div class="actions">
      <wa-button
        size="s"
        appearance="outlined"
        ?disabled=${list.length >= (most ?? 0)}
        @click=${() => onChange([...list, { label: '', from: '', to: '' }])}
        ><il-icon slot="start" name="plus"></il-icon>${t('addPeriod')}<span class="visually-hidden"> – ${label}</span></wa-button
      >
      ${proposals
        .filter(
          (proposal) => !proposal.periods.every(({ from, to }) => list.some((each) => each.from === from && each.to === to)),
        )
        .map(
          (proposal) =>
            html`<wa-button size="s" appearance="outlined" @click=${() => onTakeOver(proposal.periods)}
              ><il-icon slot="start" name="calendar-check"></il-icon>${t('takeOver', { year: proposal.label })}</wa-button
            >`,
        )}
    </div>
    ${told(control)}
  </fieldset>`;
}

const hint = ({ name, help }: Field) => (help === '' ? nothing : html`<p class="hint" id="${name}-hint">${help}</p>`);

const told = ({ field, error }: FieldControl) =>
  error === undefined
    ? nothing
    : html`<p class="error" id="${field.name}-error" role="alert"><il-icon name="circle-alert"></il-icon>${error}</p>`;
