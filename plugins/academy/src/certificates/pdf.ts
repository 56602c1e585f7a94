import { createRequire } from 'node:module';
import { messagesAt } from '@ilearn/core';
import { encode } from 'uqr';
import type { Certificate } from '../models.js';
import { printable } from './printable.js';

const quietZone = 4;

const family = '@expo-google-fonts/atkinson-hyperlegible-next';
const fontAt = (file: string): string => createRequire(import.meta.url).resolve(`${family}/${file}`);
/** The portal's own typeface: letters of all languages that are written in Latin script. */
const fonts = {
  regular: () => fontAt('400Regular/AtkinsonHyperlegibleNext_400Regular.ttf'),
  bold: () => fontAt('700Bold/AtkinsonHyperlegibleNext_700Bold.ttf'),
};

type Texts = Record<'heading' | 'file' | 'attended' | 'on' | 'onFor' | 'issued' | 'check' | 'code' | 'hours' | 'minutes', string>;

/** Certificates are in Dutch. */
const texts = messagesAt(new URL('../../messages/', import.meta.url), 'certificatePdf', (fault) => {
  throw new Error(fault);
}).nl as Texts;

const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));

const long = (day: Date | string): string =>
  new Intl.DateTimeFormat('nl-BE', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/Brussels' }).format(
    new Date(day),
  );

/** Length in words: `6 uur`, `1 uur 30 minuten`. */
function lengthOf(total: number): string {
  const [hours, minutes] = [Math.floor(total / 60), total % 60];
  const parts = [hours > 0 ? fill(texts.hours, { hours }) : '', minutes > 0 ? fill(texts.minutes, { minutes }) : ''];
  return parts.filter(Boolean).join(' ');
}

/** A certificate as a tagged PDF of one page in Dutch, with the address of its public page as text and QR code. */
export async function pdfOf(certificate: Certificate, verifyAddress: string): Promise<Buffer> {
  // Importing it takes half a second, which no start of the portal should wait for.
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({
    ...{ size: 'A4', margin: 64, pdfVersion: '1.7', tagged: true, lang: 'nl-BE', displayTitle: true },
    info: {
      Title: fill(texts.file, { title: certificate.title }),
      Author: certificate.provider_name,
      CreationDate: certificate.issued_at,
    },
  });
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
  });
  for (const [name, file] of Object.entries(fonts)) document.registerFont(name, file());
  const root = document.struct('Document');
  document.addStructure(root);
  const line = (tag: 'H1' | 'P', text: string, size: number, gap: number, bold = false) => {
    root.add(
      document.struct(tag, {}, () => {
        document.font(bold ? 'bold' : 'regular').fontSize(size);
        document.text(printable(text, signsOf(document))).moveDown(gap);
      }),
    );
  };
  line('P', certificate.provider_name, 14, 4);
  line('H1', texts.heading, 30, 1, true);
  line('P', certificate.holder_name, 22, 0.5, true);
  line('P', texts.attended, 14, 0.5);
  line('P', certificate.title, 20, 1, true);
  const day = long(certificate.held_on);
  const { minutes } = certificate;
  line('P', minutes === null ? fill(texts.on, { day }) : fill(texts.onFor, { day, length: lengthOf(minutes) }), 14, 1);
  if (certificate.goals !== '') line('P', certificate.goals, 11, 2);
  line('P', fill(texts.issued, { day: long(certificate.issued_at), code: certificate.code }), 11, 1);
  line('P', fill(texts.check, { address: verifyAddress }), 11, 1);
  root.add(
    document.struct('Figure', { alt: fill(texts.code, { address: verifyAddress }) }, () =>
      drawCode(document, verifyAddress, document.page.margins.left, document.y, 110),
    ),
  );
  root.end();
  document.end();
  return done;
}

/** Whether the current font of the document has a sign; the types of pdfkit leave its fonts out. */
function signsOf(document: PDFKit.PDFDocument): (codePoint: number) => boolean {
  const { font } = (document as unknown as { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } })._font;
  return (codePoint) => font.hasGlyphForCodePoint(codePoint);
}

function drawCode(document: PDFKit.PDFDocument, text: string, left: number, top: number, size: number): void {
  const { data } = encode(text, { border: quietZone });
  const cell = size / data.length;
  document.save().fillColor('black');
  for (const [y, row] of data.entries()) {
    for (const [x, dark] of row.entries()) if (dark) document.rect(left + x * cell, top + y * cell, cell, cell);
  }
  document.fill().restore();
}
