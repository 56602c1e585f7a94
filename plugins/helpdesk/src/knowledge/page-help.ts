import { findPage, titleOf } from '@ilearn/ui';
import { interfaceLanguage } from '../documents/interface-language.js';

/** Path of the help page, with the articles about the current page first. */
export function pageHelpPath(): string {
  const page = findPage(location.pathname)?.target;
  const about = page === undefined ? {} : { over: page.help ?? '', pagina: titleOf(page) };
  return `/hulp?${new URLSearchParams({ taal: interfaceLanguage(), ...about })}`;
}
