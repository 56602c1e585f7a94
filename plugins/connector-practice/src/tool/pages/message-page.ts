import type { Translate } from '../texts.js';
import { html } from './html.js';
import { layout } from './layout.js';

export interface Message {
  language: string;
  /** Key of the texts below `messages.`: `title` and `text`. */
  key: 'welcome' | 'lost' | 'refused' | 'unknownExercise';
  /** Details for support. */
  detail?: string;
  returnUrl?: string | null;
}

/** A page without an exercise: what this tool is, or why the exercise cannot be shown. */
export function messagePage({ language, key, detail, returnUrl }: Message, t: Translate): string {
  const title = t(`messages.${key}.title`);
  return layout(
    { language, t, title },
    html`<h1>${title}</h1><p>${t(`messages.${key}.text`)}</p>
${returnUrl && html`<div class="actions"><a class="main" href="${returnUrl}" target="_top">${t('result.back')}</a></div>`}
${detail && html`<p class="detail">${detail}</p>`}`,
  );
}
