/** Which tokens a text's vector is made of: the mean of all, the first one (often called CLS) or the last one. */
export type Pooling = 'mean' | 'first' | 'last';

/**
 * Makes one vector of the states of a text's tokens, then scales it to length 1, as embedding models are trained.
 * @param states in row-major order: `tokens x dimensions`
 */
export function poolStates(states: Float32Array, tokens: number, dimensions: number, pooling: Pooling): Float32Array {
  if (pooling === 'first') return normalise(states.slice(0, dimensions));
  if (pooling === 'last') return normalise(states.slice((tokens - 1) * dimensions));
  const vector = new Float32Array(dimensions);
  for (let token = 0; token < tokens; token++) {
    const start = token * dimensions;
    for (let index = 0; index < dimensions; index++) {
      vector[index] = (vector[index] as number) + (states[start + index] as number);
    }
  }
  // The mean's divisor cancels out in the normalisation.
  return normalise(vector);
}

function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  return length === 0 ? vector : vector.map((value) => value / length);
}
