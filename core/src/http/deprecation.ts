import type { RouteDeprecation } from '../contract/machines.js';

const momentOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** The headers `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` of a deprecated route. */
export function deprecationHeaders(deprecated: RouteDeprecation | undefined): Record<string, string> {
  if (deprecated === undefined) return {};
  const { since, sunset, link } = deprecated;
  return {
    deprecation: `@${momentOf(since) / 1000}`,
    ...(sunset === undefined ? {} : { sunset: new Date(momentOf(sunset)).toUTCString() }),
    ...(link === undefined ? {} : { link: `<${encodeURI(link)}>; rel="deprecation"` }),
  };
}
