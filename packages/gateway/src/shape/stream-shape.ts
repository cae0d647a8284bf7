/** How the pieces of a streamed answer leave, the weakest first. */
export const STREAM_SHAPES = ['off', 'coalesce', 'frames'] as const;

/**
 * `off`: as they come, at most 40 pieces a second. `coalesce`: at most four. `frames`: 512 bytes
 * every 50 ms, filled up where there is less to say, until the next power of two of frames.
 */
export type StreamShape = (typeof STREAM_SHAPES)[number];

/** The stronger of two shapes. */
export function strongerShape(one: StreamShape, other: StreamShape): StreamShape {
  return STREAM_SHAPES.indexOf(one) >= STREAM_SHAPES.indexOf(other) ? one : other;
}
