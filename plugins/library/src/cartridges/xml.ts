import { SaxesParser } from 'saxes';

export interface XmlElement {
  /** Without its prefix. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
}

const deepest = 100;

/**
 * Reads XML 1.0. Names lose their prefixes, because cartridges use many namespaces for the same elements. Entities that a document declares
 * itself are unknown, so nothing is expanded or fetched. Null if it is not well-formed or nested too deeply.
 */
export function readXml(bytes: Uint8Array): XmlElement | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  const root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = {
      name: local(name),
      attributes: new Map(Object.entries(attributes).map(([key, value]) => [local(key), String(value)])),
      children: [],
      text: '',
    };
    (open.at(-1) as XmlElement).children.push(element);
    open.push(element);
    if (open.length > deepest) throw new Error('nested too deeply');
  });
  const add = (more: string) => {
    (open.at(-1) as XmlElement).text += more;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => void open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(text).close();
  } catch {
    return null;
  }
  return root.children[0] ?? null;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The first element on a path of names. */
export const find = (element: XmlElement | null | undefined, ...path: string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((at, name) => childrenOf(at, name)[0], element ?? undefined);
