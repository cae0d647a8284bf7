/**
 * Mean pooling over all tokens, then L2 normalisation, as the model was trained.
 * @param states token states in row-major order: `tokens x dimensions`
 */
export function poolEmbedding(states: Float32Array, tokens: number, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (let token = 0; token < tokens; token++) {
    const start = token * dimensions;
    for (let index = 0; index < dimensions; index++) {
      vector[index] = (vector[index] as number) + (states[start + index] as number);
    }
  }
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  // The mean's divisor cancels out in the normalisation.
  return length === 0 ? vector : vector.map((value) => value / length);
}
