/** The language of the portal's pages in this browser, for addresses of pages that the server renders. */
export function interfaceLanguage(): 'nl' | 'en' | 'fr' {
  const code = document.documentElement.lang.slice(0, 2);
  return code === 'en' || code === 'fr' ? code : 'nl';
}
