import { createHash } from 'node:crypto';
import { Compressible } from './compression.js';
import type { OpenApiDocument } from './openapi.js';

const escapeHtml = (text: unknown): string => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const style = `
  body { font: 1rem/1.5 system-ui, sans-serif; color: #1c1a17; background: #fbf8f2; margin: 0 auto; max-width: 70rem; padding: 1.5rem; }
  @media (prefers-color-scheme: dark) { body { color: #efe9de; background: #1b1a18; } a { color: #9ecbff; } pre { background: #262420 !important; } }
  nav ul { columns: 12rem; padding-left: 1.2rem; }
  details { border-top: 1px solid #8885; padding: .4rem 0; }
  summary { cursor: pointer; overflow-wrap: anywhere; }
  code { font-family: ui-monospace, monospace; font-size: .92em; }
  .method { display: inline-block; min-width: 4.2rem; font-weight: 700; }
  pre { background: #f1ece1; padding: .8rem; overflow: auto; border-radius: .4rem; }
`;

/** The API description as it is sent. With many plugins it is large and slow to generate, so it is cached. */
export interface DescribedApi {
  json: Compressible;
  page: { html: Compressible; contentSecurityPolicy: string };
}

export const describedApi = (document: OpenApiDocument): DescribedApi => ({
  json: new Compressible(Buffer.from(JSON.stringify(document))),
  page: renderApiPage(document),
});

/** The OpenAPI document as a page: one request, no scripts, for any browser. */
function renderApiPage(document: OpenApiDocument): DescribedApi['page'] {
  const byTag = new Map<string, string[]>(document.tags.map(({ name }) => [name, []]));
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      byTag.get(operation.tags[0] ?? '')?.push(renderOperation(method, path, operation));
    }
  }
  const sections = [...byTag].map(
    ([tag, operations]) => `<section><h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>${operations.join('')}</section>`,
  );
  const links = [...byTag.keys()].map((tag) => `<li><a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a></li>`);
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>API — i-Learn</title><style>${style}</style></head><body><h1>${escapeHtml(document.info.title)}: API</h1>
<p>${escapeHtml(document.info.description)} The same as <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Plugins"><ul>${links.join('')}</ul></nav><main>${sections.join('')}</main></body></html>`;
  const hash = createHash('sha256').update(style).digest('base64');
  return {
    html: new Compressible(Buffer.from(html)),
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  };
}

function renderOperation(method: string, path: string, operation: Record<string, unknown>): string {
  const { summary, parameters, requestBody, responses } = operation;
  const details = {
    ...((parameters as unknown[]).length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses,
  };
  return `<details><summary><span class="method">${escapeHtml(method.toUpperCase())}</span> <code>${escapeHtml(path)}</code> — ${escapeHtml(summary)}
 (${escapeHtml(operation['x-permission'])})</summary><pre tabindex="0">${escapeHtml(JSON.stringify(details, null, 2))}</pre></details>`;
}
