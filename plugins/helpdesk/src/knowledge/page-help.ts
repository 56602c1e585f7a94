import { pageHelp } from '@ilearn/ui';
import { interfaceLanguage } from '../documents/interface-language.js';

/** Path of the help page, with the articles about the current page first. */
export function pageHelpPath(): string {
  const { topic = '', title } = pageHelp();
  return `/hulp?${new URLSearchParams({ taal: interfaceLanguage(), over: topic, pagina: title })}`;
}
