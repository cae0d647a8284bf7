import { stripVTControlCharacters, styleText } from 'node:util';
import type { AssembledPrompt } from '@cloister/prompt';
import type { RetrievedChunk } from '@cloister/retriever';
import type { ArrowReport } from '@cloister/runtime';

/** Columns of the narrowest terminal that the demo is written for. */
const WIDTH = 80;

/** Where the demo prints. */
export type Print = (text: string) => void;

/** A heading with a rule. */
export function heading(title: string): string {
  return `\n${styleText('bold', title)}\n${'─'.repeat(WIDTH)}\n`;
}

/** Text wrapped at word boundaries, each line behind `indent`. */
export function wrapped(text: string, indent = ''): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return `${lines.map((line) => indent + line).join('\n')}\n`;
}

/** Wraps text that arrives in pieces: gives what is certain, and the rest at the end (an empty piece). */
export function createWrapper(print: Print): (piece: string) => void {
  let column = 0;
  let word = '';
  const flush = (): void => {
    if (column > 0 && column + 1 + word.length > WIDTH) {
      print('\n');
      column = 0;
    }
    print(column > 0 ? ` ${word}` : word);
    column += word.length + (column > 0 ? 1 : 0);
    word = '';
  };
  return (piece) => {
    for (const part of piece.split(/([ \n])/)) {
      if (part !== ' ' && part !== '\n') word += part;
      else if (word !== '') flush();
    }
    if (piece === '' && word !== '') flush();
  };
}

/** One row an arrow: name, milliseconds, bytes, what was checked. */
export function arrowTable(reports: readonly ArrowReport[]): string {
  const row = (arrow: string, milliseconds: string, bytes: string, checked: string): string => {
    const start = `${arrow.padEnd(10)} ${milliseconds.padStart(7)} ${bytes.padStart(8)}  `;
    return start + shortened(checked, WIDTH - start.length);
  };
  const lines = reports.map(({ arrow, milliseconds, bytes, checked }) =>
    row(arrow, milliseconds.toFixed(1), bytes === undefined ? '-' : String(bytes), summary(checked)),
  );
  return `${styleText('dim', row('arrow', 'ms', 'bytes', 'checked'))}\n${lines.join('\n')}\n`;
}

function summary(checked: readonly string[]): string {
  return checked.length > 8 ? `${checked.length} checks: ${checked.join(', ')}` : checked.join(', ');
}

/** The text cut to `width` columns, with a mark when something was cut. */
export function shortened(text: string, width: number): string {
  return stripVTControlCharacters(text).length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** The retrieved notes, a line each. */
export function noteList(chunks: readonly RetrievedChunk[]): string {
  return chunks
    .map((chunk) => `${shortened(`${chunk.document} (${chunk.label}) ${chunk.text.replaceAll('\n', ' ')}`, WIDTH)}\n`)
    .join('');
}

/** The prompt exactly as it leaves, with each message's role. */
export function promptText(prompt: AssembledPrompt): string {
  return prompt.messages.map(({ role, content }) => `${styleText('cyan', role)}\n${wrapped(content, '  ')}`).join('');
}

/** A mark and a line about one attack. */
export function attackLine(attack: { name: string; refused: boolean; code: string; detail: string }): string {
  const mark = attack.refused ? styleText('green', 'refused') : styleText('red', 'NOT REFUSED');
  return `${mark}  ${attack.name}\n         ${attack.code}\n         ${attack.detail}\n`;
}
