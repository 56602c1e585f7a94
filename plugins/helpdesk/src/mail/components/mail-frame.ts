/**
 * The document of a sandboxed frame that shows the cleaned HTML of a mail. The frame runs no scripts and has no origin; its policy, and that
 * of the page which it inherits, load nothing but the pictures that are in the mail itself.
 */
export const frameDocument = (html: string, language: string): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"></head><body>${html}</body></html>`;

/** No scripts, no forms, no origin. Links open outside the frame, in a page that cannot reach back. */
export const frameSandbox = 'allow-popups allow-popups-to-escape-sandbox';
