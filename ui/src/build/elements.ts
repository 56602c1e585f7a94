/**
 * The elements that are loaded with the pages that use them: module, below `src` and without its extension → tags that it defines. All
 * other elements come with the shell.
 */
export const ELEMENT_MODULES: Readonly<Record<string, readonly string[]>> = {
  'elements/button': ['wa-button', 'wa-spinner'],
  'elements/display': ['wa-badge', 'wa-callout', 'wa-details', 'wa-divider', 'wa-progress-bar'],
  'elements/dropdown': ['wa-dropdown', 'wa-dropdown-item'],
  'elements/form': ['wa-checkbox', 'wa-input', 'wa-radio', 'wa-radio-group', 'wa-switch', 'wa-textarea'],
  'elements/select': ['wa-option', 'wa-select', 'wa-tag'],
  'elements/tabs': ['wa-tab', 'wa-tab-group', 'wa-tab-panel'],
  'elements/tooltip': ['wa-tooltip'],
  'elements/window': ['wa-dialog', 'wa-drawer'],
  'components/combobox/il-combobox': ['il-combobox'],
  'components/ear/il-ear': ['il-ear'],
  'components/line/il-line': ['il-line'],
  'components/il-markdown': ['il-markdown'],
  'components/sortable/il-sortable': ['il-sortable'],
};
