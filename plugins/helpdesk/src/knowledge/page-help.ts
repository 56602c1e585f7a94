import { pageHelp } from '@ilearn/ui';
import { interfaceLanguage } from '../documents/interface-language.js';

/** Path of the help page, with the articles about the current page first. */
export function pageHelpPath(): string {
  const { topic, title } = pageHelp();
  const query = new URLSearchParams({
    taal: interfaceLanguage(),
    ...(topic === undefined ? {} : { over: topic }),
    ...(title === '' ? {} : { pagina: title }),
  });
  return `/hulp?${query}`;
}
