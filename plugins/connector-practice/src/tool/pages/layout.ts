import type { Translate } from '../texts.js';
import { type Html, html } from './html.js';

export interface PageOptions {
  language: string;
  title: string;
  t: Translate;
}

/** A page with one style sheet from this server, no scripts, and nothing from other hosts. */
export function layout({ language, title, t }: PageOptions, content: Html): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${t('name')}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body><main>${content}</main></body>
</html>`.text;
}
