import type { PieceSource } from '@cloister/channel';
import type { Answer } from '../answer.ts';
import { dropComments } from './drop-comments.ts';
import { frameEvents } from './frame-events.ts';
import { pacePieces } from './pace-pieces.ts';

/** What shaping does to an answer, around the place where its receipt is computed. */
export interface AnswerShape {
  /** Applied before the receipt: pieces of what the client will see. */
  readonly content: (body: PieceSource) => PieceSource;
  /** Applied after it: what travels. */
  readonly travel: (body: PieceSource) => PieceSource;
}

/** Milliseconds between two pieces of a stream at least. */
const INTERVALS = { off: 25, coalesce: 250 } as const;

const asItIs = (body: PieceSource): PieceSource => body;

/** The steps of an answer's shape. */
export function shapeAnswer({ shape }: Pick<Answer, 'shape'>): AnswerShape {
  if (shape === undefined) return { content: asItIs, travel: asItIs };
  if (shape === 'frames') return { content: dropComments, travel: frameEvents };
  return { content: (body) => pacePieces(body, INTERVALS[shape]), travel: asItIs };
}
