import { expect, test } from 'vitest';
import { mentionedTexts, PageMessages, type PluginTexts } from '../dist/http/page-messages.js';

const nl = {
  plugin: { title: 'Dagboek' },
  notes: { title: 'Notities', none: 'Nog niets.', saved_one: 'Eén bewaard.', saved_other: 'Bewaard.' },
  states: { open: 'open', gone: 'weg' },
  results_one: '{{count}} notitie',
  results_other: '{{count}} notities',
  cancel: 'Annuleer',
};
const page =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code of a page
  'html`<p class="notes">${this.t("notes.saved", { count })} ${this.t(`states.${state}`)} ${this.t("results", { count })}`';
const diary: PluginTexts = {
  id: 'diary',
  messages: { nl },
  titles: ['plugin.title', 'notes.title', 'notes.unknown'],
  mentions: new Map([
    ['diary-page', mentionedTexts(page, nl)],
    ['diary-button', mentionedTexts("t('cancel')", nl)],
  ]),
};
const asked = (messages: PageMessages, query: string) =>
  JSON.parse(messages.answer(new URLSearchParams(query)).plain.toString('utf8')) as Record<string, Record<string, unknown>>;

test('a page gets the texts that its code mentions, the shell the names that it shows', () => {
  const messages = new PageMessages('nl', [diary], undefined);
  const { states, results_one, results_other, cancel } = nl;
  const { title, none, ...notes } = nl.notes;
  expect(asked(messages, 'for=diary-page')).toEqual({ diary: { notes, states, results_one, results_other } });
  expect(asked(messages, 'for=diary-button,diary-page').diary).toEqual({ notes, states, results_one, results_other, cancel });
  expect(asked(messages, 'for=shell')).toEqual({ diary: { plugin: nl.plugin, notes: { title: 'Notities' } } });
  expect(asked(messages, 'for=diary-button,shell').diary).toEqual({ cancel, plugin: nl.plugin, notes: { title: 'Notities' } });
  expect(asked(messages, 'for=diary-page,shell').diary.notes).toEqual({ title, ...notes });
  expect(asked(messages, 'for=diary:notes')).toEqual({ diary: { notes: { title, none, ...notes } } });
  expect(asked(messages, 'for=diary:results')).toEqual({ diary: { results_one, results_other } });
  expect(asked(messages, '')).toEqual({ diary: nl });
});

test('what nobody has is left out, and whoever asks for much does not fill the memory', () => {
  const messages = new PageMessages('nl', [diary], undefined);
  expect(asked(messages, 'for=__proto__,constructor,other-page,diary:nothing,')).toEqual({});
  const first = messages.answer(new URLSearchParams('for=diary-page'));
  expect(messages.answer(new URLSearchParams('for=nothing,diary-page,diary-page'))).toBe(first);
  const many = Array.from({ length: 5_000 }, (_, count) => `other-${count}`).join();
  expect(asked(messages, `for=${many},diary-page`)).toEqual({});
});

test('the address changes with a text, and with what a page mentions', () => {
  const hash = (plugin: PluginTexts) => new PageMessages('nl', [plugin], undefined).hash;
  const more = new Map([['diary-page', mentionedTexts(`${page} t('cancel')`, nl)]]);
  const hashes = [diary, { ...diary, messages: { nl: { ...nl, cancel: 'Stop' } } }, { ...diary, mentions: more }].map(hash);
  expect(new Set(hashes).size).toBe(3);
  expect(hash({ ...diary })).toBe(hashes[0]);
});
