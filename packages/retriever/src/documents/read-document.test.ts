import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { assemblePdf, makeDocx, makePdf, paragraph } from '../../test/make-documents.ts';
import type { PrintedLine } from '../../test/make-documents.ts';
import { enter, newStore } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import { documentTypeOf, readDocument } from './index.ts';
import type { DocumentType, ReadDocumentOptions } from './index.ts';

const read = (bytes: Uint8Array, type: DocumentType, rest: Partial<ReadDocumentOptions> = {}) =>
  readDocument(bytes, { type, ...rest });
const beyond = (subject: string) => ({ code: 'ERR_RETRIEVER_BEYOND_BOUND', subject });
const unreadable = { code: 'ERR_RETRIEVER_UNREADABLE' };

const page: readonly PrintedLine[] = [
  { text: 'Annual report', size: 20, at: 700 },
  { text: 'The first line of an exam-', size: 11, at: 670 },
  { text: 'ple paragraph.', size: 11, at: 656 },
  { text: 'Another paragraph.', size: 11, at: 620 },
  { text: 'Doses', size: 15, at: 580 },
  { text: 'Ten of them.', size: 11, at: 560 },
];

/** What the tests of all formats read: a heading, a paragraph, a section within. */
const SAME: Readonly<Record<'pdf' | 'docx' | 'html' | 'markdown', Uint8Array>> = {
  pdf: makePdf([
    [
      { text: 'Report', size: 20, at: 700 },
      { text: 'A paragraph.', size: 11, at: 670 },
      { text: 'Doses', size: 15, at: 640 },
      { text: 'Ten of them.', size: 11, at: 610 },
    ],
  ]),
  docx: makeDocx(
    paragraph('Report', 'Heading1') +
      paragraph('A paragraph.') +
      paragraph('Doses', 'Heading2') +
      paragraph('Ten of them.'),
  ),
  html: utf8('<h1>Report</h1><p>A\n paragraph.<h2>Doses</h2>Ten of <b>them</b>.<script>evil()</script>'),
  markdown: utf8('# Report\n\nA\nparagraph.\n\nDoses\n-----\n\nTen of **them**.\n'),
};

describe('readDocument', () => {
  it.each(Object.keys(SAME) as (keyof typeof SAME)[])('reads %s with its headings', async (type) => {
    const { content } = await read(SAME[type], type);
    expect(content.text.replace(/\s*\n\s*(?=paragraph)/, ' ')).toBe('Report\n\nA paragraph.\n\nDoses\n\nTen of them.');
    const doses = content.text.indexOf('Doses');
    expect(content.headings).toEqual([
      { at: 0, level: 1 },
      { at: doses, level: 2 },
    ]);
  });

  it('reads plain text as it is, and refuses what is no UTF-8', async () => {
    expect((await read(utf8('\n\n# no heading\nä'), 'text')).content).toEqual({
      text: '# no heading\nä',
      headings: [],
    });
    for (const type of ['text', 'html', 'markdown'] as const) {
      await expect(read(Uint8Array.of(0x61, 0xff), type)).rejects.toMatchObject(unreadable);
    }
  });

  it('joins lines of a PDF file to paragraphs and parted words to whole ones', async () => {
    const { content, pages } = await read(makePdf([page, [{ text: 'Page two.', size: 11, at: 700 }]]), 'pdf');
    expect(pages).toBe(2);
    expect(content.text).toBe(
      'Annual report\n\nThe first line of an example paragraph.\n\nAnother paragraph.\n\nDoses\n\nTen of them.\n\nPage two.',
    );
  });

  it('keeps rows, items and code of a page together, and leaves out what it hides', async () => {
    const html =
      '<head><title>A  title</title></head><table><thead><tr><th><p>Drug</p><th>Dose</thead><tr><td>x<td>1</table>' +
      '<ul><li>one<ul><li>inner</ul><li><p>two</p></ul><pre>a\n  b</pre><p hidden>no</p><p style="display: none">no</p>' +
      '<div aria-hidden="true">no</div><!-- no --><template>no</template><img alt="a heart" src=x>';
    const { content, title } = await read(utf8(html), 'html');
    expect(title).toBe('A title');
    expect(content.text).toBe('Drug | Dose\nx | 1\n\n- one\n- inner\n- two\n\na\n  b\n\na heart');
  });

  it('reads a page that is nested deeper than a stack', async () => {
    const { content } = await read(utf8('<div>'.repeat(200_000) + 'deep'), 'html');
    expect(content.text).toBe('deep');
  });

  it('gives what the retriever takes, whose chunks keep to their section', async () => {
    const { content } = await read(SAME.docx, 'docx');
    const retriever = createRetriever({ store: newStore(), embedder: hashingEmbedder() });
    const tenant = await enter();
    await retriever.ingest(tenant, [{ id: 'report', ...content, label: 'internal', acl: ['cardiology'] }]);
    const { chunks } = await retriever.search(tenant, 'How many doses?', { limit: 9 });
    expect(new Set(chunks.map(({ text }) => text))).toEqual(
      new Set(['Report > Doses\nTen of them.', 'Report\nA paragraph.']),
    );
  });

  it('leaves the bytes of its caller alone', async () => {
    const bytes = Buffer.from('# Title');
    await read(bytes, 'markdown');
    expect(bytes.toString()).toBe('# Title');
  });
});

describe('the bounds of readDocument', () => {
  it('refuses too many bytes, pages and characters', async () => {
    await expect(read(SAME.html, 'html', { maxBytes: 10 })).rejects.toMatchObject(beyond('bytes'));
    await expect(read(makePdf([page, page]), 'pdf', { maxPages: 1 })).rejects.toMatchObject(beyond('pages'));
    for (const [type, bytes] of Object.entries(SAME)) {
      const reading = read(bytes, type as DocumentType, { maxCharacters: 20 });
      await expect(reading).rejects.toMatchObject(beyond('characters'));
    }
  });

  it('does not inflate a bomb, says it is small or says it is large', async () => {
    const large = makeDocx(paragraph('x'), { 'word/footnotes.xml': new Uint8Array(8 * 1024 * 1024) });
    await expect(read(large, 'docx', { maxInflatedBytes: 1024 * 1024 })).rejects.toMatchObject(beyond('inflated'));
    // The sizes of the directory are changed to lies: 100 bytes for each part.
    const lying = large.slice();
    const view = new DataView(lying.buffer);
    for (let at = 0; at + 46 < lying.length; at++)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 100, true);
    await expect(read(lying, 'docx', { maxInflatedBytes: 1024 * 1024 })).rejects.toMatchObject(unreadable);
    const pictures = makeDocx(paragraph('x'), { 'word/media/image1.png': new Uint8Array(8 * 1024 * 1024) });
    expect((await read(pictures, 'docx', { maxInflatedBytes: 1024 * 1024 })).content.text).toBe('x');
  });

  it('ends a thread that takes too much memory or time, and one that nobody waits for any more', async () => {
    const inflated = deflateSync(Buffer.alloc(256 * 1024 * 1024, 0x20), { level: 1 });
    const opening = utf8(`<< /Length ${inflated.length} /Filter /FlateDecode >>\nstream\n`);
    const bomb = assemblePdf([new Uint8Array(Buffer.concat([opening, inflated, utf8('\nendstream')]))]);
    await expect(read(bomb, 'pdf', { maxMemory: 96 * 1024 * 1024 })).rejects.toMatchObject(beyond('memory'));
    const long = utf8('*a '.repeat(500_000));
    await expect(read(long, 'markdown', { maxTime: 1 })).rejects.toMatchObject(beyond('time'));
    const controller = new AbortController();
    const reading = read(long, 'markdown', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(read(long, 'text', { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('refuses what is broken, encrypted, of another type or declares entities, and quotes nothing of it', async () => {
    const encrypted = makePdf([page], '/Encrypt << /Filter /Standard /V 2 /R 3 /O (x) /U (y) /P -1 /Length 128 >>');
    const entities = utf8('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "secret">]><x>&a;</x>');
    const bad: readonly (readonly [DocumentType, Uint8Array])[] = [
      ['pdf', utf8('secret')],
      ['pdf', new Uint8Array(0)],
      ['pdf', encrypted],
      ['docx', utf8('secret')],
      ['docx', SAME.pdf],
      ['docx', makeDocx('<w:p>secret')],
      ['docx', makeDocx('', { 'word/numbering.xml': entities })],
    ];
    for (const [type, bytes] of bad) {
      const error: unknown = await read(bytes, type).catch((reason: unknown) => reason);
      expect(error).toMatchObject(unreadable);
      expect(JSON.stringify(error)).not.toContain('secret');
    }
  });

  it('never ends in anything but a document or a typed error, whatever the bytes', { timeout: 120_000 }, async () => {
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < Number(process.env['CLOISTER_TRIES'] ?? 24); round++) {
      const type = (['pdf', 'docx', 'html', 'markdown'] as const)[round % 4] as keyof typeof SAME;
      const bytes = new Uint8Array(SAME[type]);
      for (let change = 0; change <= random(8); change++) bytes[random(bytes.length)] = random(256);
      const outcome: unknown = await read(
        bytes.slice(0, random(8) === 0 ? random(bytes.length) : undefined),
        type,
      ).catch((error: unknown) => error);
      const isTyped = (outcome as { code?: unknown }).code === 'ERR_RETRIEVER_UNREADABLE';
      expect(isTyped || 'content' in (outcome as object)).toBe(true);
    }
  });

  it('refuses options that are out of range', async () => {
    const options = [{ type: 'odt' as DocumentType }, { maxPages: 0 }, { maxTime: Number.NaN }, { maxSize: 1 }];
    for (const bad of options) {
      const refused = { code: 'ERR_RETRIEVER_OPTIONS', subject: Object.keys(bad)[0] };
      await expect(readDocument(SAME.html, { type: 'html', ...bad })).rejects.toMatchObject(refused);
    }
  });
});

describe('documentTypeOf', () => {
  it('goes by the end of the name', () => {
    const names = ['a.PDF', 'b.docx', 'c.d.htm', 'README.md', 'x.txt', 'x.exe', 'constructor', 'x.constructor', ''];
    expect(names.map((name) => documentTypeOf(name))).toEqual([
      'pdf',
      'docx',
      'html',
      'markdown',
      'text',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the entry point', () => {
  it('is not what the others load: who reads no documents installs no libraries', () => {
    for (const entry of ['../index.ts', '../sqlite/index.ts', '../qdrant/index.ts', '../onnx/index.ts']) {
      expect(readFileSync(new URL(entry, import.meta.url), 'utf8')).not.toContain('documents');
    }
  });
});
