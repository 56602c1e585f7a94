import type { Client, Route } from '@ilearn/core';
import { api, type RequestOptions } from './api.js';

interface Call extends RequestOptions {
  params?: Record<string, string | number | undefined>;
  body?: unknown;
}

/**
 * Calls a plugin's routes, typed by their schemas: `export const notices = clientFor<typeof routes>('notices')`, then
 * `notices.get('/notices/:id', { params: { id } })`. Results and errors are as with {@link api}.
 */
export function clientFor<Routes extends readonly Route[]>(pluginId: string): Client<Routes> {
  const send =
    (method: keyof typeof api) =>
    (path: string, { params = {}, body, ...options }: Call = {}) => {
      const address = `/api/${pluginId}${filled(path, params)}`;
      return method === 'get' ? api.get(address, options) : api[method](address, body, options);
    };
  const methods = Object.keys(api).map((method) => [method, send(method as keyof typeof api)]);
  return Object.fromEntries(methods) as Client<Routes>;
}

/** @throws Error if a parameter is missing, empty, `.` or `..`, because the path would then be of another route */
function filled(path: string, params: Record<string, string | number | undefined>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || ['', '.', '..'].includes(`${value}`)) throw new Error(`${path} needs ${name}`);
    return encodeURIComponent(value);
  });
}
