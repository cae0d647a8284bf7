/** Dot product of a query and the vector at `start`. Four sums at once, because one would make every addition wait for the one before it. */
export function dot(vectors: Float32Array, start: number, query: Float32Array): number {
  const { length } = query;
  const whole = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let index = 0; index < whole; index += 4) {
    const place = start + index;
    a += (vectors[place] as number) * (query[index] as number);
    b += (vectors[place + 1] as number) * (query[index + 1] as number);
    c += (vectors[place + 2] as number) * (query[index + 2] as number);
    d += (vectors[place + 3] as number) * (query[index + 3] as number);
  }
  for (let index = whole; index < length; index++) a += (vectors[start + index] as number) * (query[index] as number);
  return a + b + c + d;
}
