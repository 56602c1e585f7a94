import { strToU8, zipSync } from 'fflate';
import { type PathFile, pathInCartridge } from './format.js';

type Step = PathFile['steps'][number];

interface Resource {
  id: string;
  type: string;
  file: string;
  content: string;
}

const escaped = (text: string): string =>
  text
    .replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');

/**
 * A path as a Common Cartridge 1.4 (1EdTech Common Cartridge Profile 1.4): a flat list of items with folders for blocks, and beside it the
 * path itself as JSON, which this portal reads again.
 */
export function cartridgeOf(path: PathFile): Uint8Array {
  const resources = path.steps.map((step, index) => resourceOf(step, index + 1));
  const files = new Map(resources.map(({ file, content }) => [file, content]));
  files.set('imsmanifest.xml', manifestOf(path, resources));
  files.set(pathInCartridge, JSON.stringify(path, null, 2));
  return zipSync(Object.fromEntries([...files].map(([name, content]) => [name, strToU8(content)])));
}

function resourceOf({ activity, content, title, note }: Step, number: number): Resource {
  const id = `R${number}`;
  const name = title ?? activity?.title ?? '';
  if (activity?.kind === 'link' && activity.url !== undefined) {
    const link = `<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p4/imswl_v1p4"><title>${escaped(name)}</title><url href="${escaped(activity.url)}"/></webLink>`;
    return { id, type: 'imswl_xmlv1p4', file: `${id}/link.xml`, content: xml(link) };
  }
  if (activity?.kind === 'lti' && activity.launchUrl !== undefined) {
    return {
      id,
      type: 'imsbasiclti_xmlv1p4',
      file: `${id}/tool.xml`,
      content: xml(toolOf(name, activity.launchUrl, activity.provider)),
    };
  }
  if (content?.kind === 'task') {
    const points = content.maximum === null ? '' : `<gradable points_possible="${content.maximum}">true</gradable>`;
    const task = `<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment" identifier="${id}"><title>${escaped(name)}</title><text texttype="text/plain">${escaped(content.text)}</text>${points}<submission_formats><format type="text"/><format type="file"/></submission_formats></assignment>`;
    return { id, type: 'assignment_xmlv1p0', file: `${id}/assignment.xml`, content: xml(task) };
  }
  return { id, type: 'webcontent', file: `${id}/page.html`, content: pageOf(name, wordsOf({ activity, content }), note) };
}

function wordsOf({ activity, content }: Pick<Step, 'activity' | 'content'>): string[] {
  if (content?.kind === 'quiz') return content.questions.map(({ text }, index) => `${index + 1}. ${text}`);
  if (content !== null) return [content.text];
  return (activity?.markdown ?? '').split(/\n{2,}/);
}

const toolOf = (title: string, url: string, vendor: string): string => `<cartridge_basiclti_link
  xmlns="http://www.imsglobal.org/xsd/imslticc_v1p3" xmlns:blti="http://www.imsglobal.org/xsd/imsbasiclti_v1p0"
  xmlns:lticp="http://www.imsglobal.org/xsd/imslticp_v1p0"><blti:title>${escaped(title)}</blti:title><blti:launch_url>${escaped(url)}</blti:launch_url>
  <blti:vendor><lticp:code>${escaped(vendor || 'tool')}</lticp:code><lticp:name>${escaped(vendor || 'tool')}</lticp:name></blti:vendor></cartridge_basiclti_link>`;

const pageOf = (title: string, paragraphs: readonly string[], note: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body><h1>${escaped(title)}</h1>${[
    note,
    ...paragraphs,
  ]
    .filter((each) => each.trim() !== '')
    .map((each) => `<p>${escaped(each)}</p>`)
    .join('')}</body></html>`;

const xml = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;

function manifestOf(path: PathFile, resources: readonly Resource[]): string {
  const items: string[] = [];
  for (let index = 0; index < path.steps.length; ) {
    const block = path.blocks.find(({ id }) => id === path.steps[index]?.block);
    const inside: number[] = [index];
    if (block !== undefined) while (path.steps[inside.length + index]?.block === block.id) inside.push(index + inside.length);
    const own = inside.map((nth) => itemOf(path.steps[nth] as Step, nth + 1)).join('');
    items.push(
      block === undefined
        ? own
        : `<item identifier="F${index + 1}"><title>${escaped(block.title || block.kind)}</title>${own}</item>`,
    );
    index += inside.length;
  }
  const own = { id: 'R0', type: 'associatedcontent/imscc_xmlv1p4/learning-application-resource', file: pathInCartridge };
  return xml(`<manifest identifier="ilearn-path" xmlns="http://www.imsglobal.org/xsd/imsccv1p4/imscp_v1p1"
  xmlns:lomm="http://ltsc.ieee.org/xsd/imsccv1p4/LOM/manifest">
  <metadata><schema>IMS Common Cartridge</schema><schemaversion>1.4.0</schemaversion><lomm:lom><lomm:general><lomm:title><lomm:string
    language="${escaped(path.language)}">${escaped(path.title)}</lomm:string></lomm:title></lomm:general></lomm:lom></metadata>
  <organizations><organization identifier="O1" structure="rooted-hierarchy"><item identifier="root">${items.join('')}</item></organization></organizations>
  <resources>${[...resources, own].map(({ id, type, file }) => `<resource identifier="${id}" type="${type}"${type === 'webcontent' ? ` href="${file}"` : ''}><file href="${file}"/></resource>`).join('')}</resources>
</manifest>`);
}

const itemOf = ({ title, activity }: Step, number: number): string =>
  `<item identifier="I${number}" identifierref="R${number}"><title>${escaped(title ?? activity?.title ?? '')}</title></item>`;
