import { channelError } from '../errors.ts';
import type { MaybePromise } from '../platform/types.ts';

/** The next bytes of something, or `undefined` at its end. Pulled one at a time. */
export type ByteSource = () => MaybePromise<Uint8Array | undefined>;

/**
 * Exact reads over a source of pieces of any size. It pulls only what the caller's read needs, so at most that plus
 * one piece is held, and every byte is copied at most once.
 */
export class ByteReader {
  readonly #source: ByteSource;
  #pieces: Uint8Array[] = [];
  #buffered = 0;
  #ended = false;

  /** @param source pulled on demand; never again after it has ended or thrown */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Whether no byte is left. Pulls at most until the next byte. */
  async atEnd(): Promise<boolean> {
    while (this.#buffered === 0) if (!(await this.#pull())) return true;
    return false;
  }

  /**
   * Exactly `length` bytes.
   * @throws ERR_CHANNEL_TRUNCATED when the source ends before
   */
  take(length: number): MaybePromise<Uint8Array> {
    return this.#buffered >= length ? this.#remove(length) : this.#takeLater(length);
  }

  /**
   * A variable-length integer of any of its four lengths (RFC 9000 section 16), if it is all at hand; else nothing is taken.
   * @throws ERR_CHANNEL_TOO_LARGE above 2^53 - 1
   */
  takeVarint(): number | undefined {
    const size = this.#varintSize();
    if (this.#buffered < size) return undefined;
    const value = this.#varintOf(size);
    this.#remove(size);
    return value;
  }

  /**
   * As many bytes as the integer in front of them says, if both are all at hand; else nothing is taken.
   * @throws ERR_CHANNEL_TOO_LARGE when they are more than `limit`, as soon as the integer is at hand
   */
  takePrefixed(limit: number): Uint8Array | undefined {
    const size = this.#varintSize();
    if (this.#buffered < size) return undefined;
    const length = this.#varintOf(size);
    if (length > limit) throw channelError('ERR_CHANNEL_TOO_LARGE', { detail: { limit } });
    return this.#buffered < size + length ? undefined : this.#remove(size + length).subarray(size);
  }

  /**
   * Waits for the next piece, when what is at hand does not do.
   * @throws ERR_CHANNEL_TRUNCATED when the source has ended
   */
  async more(): Promise<void> {
    if (!(await this.#pull())) throw channelError('ERR_CHANNEL_TRUNCATED');
  }

  /** Between one and `limit` bytes, whatever is at hand; `undefined` at the end. */
  async takeSome(limit: number): Promise<Uint8Array | undefined> {
    if (await this.atEnd()) return undefined;
    const first = this.#pieces[0] as Uint8Array;
    return this.#remove(Math.min(limit, first.length));
  }

  /**
   * All bytes up to the end.
   * @throws ERR_CHANNEL_TOO_LARGE when they are more than `limit`
   */
  async takeRest(limit: number): Promise<Uint8Array> {
    while (await this.#pull()) {
      if (this.#buffered > limit) throw channelError('ERR_CHANNEL_TOO_LARGE', { detail: { limit } });
    }
    if (this.#buffered > limit) throw channelError('ERR_CHANNEL_TOO_LARGE', { detail: { limit } });
    return this.#remove(this.#buffered);
  }

  async #takeLater(length: number): Promise<Uint8Array> {
    while (this.#buffered < length) if (!(await this.#pull())) throw channelError('ERR_CHANNEL_TRUNCATED');
    return this.#remove(length);
  }

  /** Bytes of the integer in front; one where nothing is at hand. */
  #varintSize(): number {
    return 1 << ((this.#pieces[0]?.[0] ?? 0) >> 6);
  }

  #varintOf(size: number): number {
    let value = this.#byteAt(0) & 0x3f;
    for (let index = 1; index < size; index++) value = value * 256 + this.#byteAt(index);
    if (!Number.isSafeInteger(value)) throw channelError('ERR_CHANNEL_TOO_LARGE');
    return value;
  }

  #byteAt(index: number): number {
    let offset = index;
    for (const piece of this.#pieces) {
      if (offset < piece.length) return piece[offset] as number;
      offset -= piece.length;
    }
    return 0;
  }

  async #pull(): Promise<boolean> {
    if (this.#ended) return false;
    const piece = await this.#source();
    if (piece === undefined) this.#ended = true;
    else if (piece.length > 0) {
      this.#pieces.push(piece);
      this.#buffered += piece.length;
    }
    return !this.#ended;
  }

  #remove(length: number): Uint8Array {
    const first = this.#pieces[0];
    this.#buffered -= length;
    if (first === undefined || length === 0) return new Uint8Array(0);
    if (first.length === length) {
      this.#pieces.shift();
      return first;
    }
    if (first.length > length) {
      this.#pieces[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    return this.#gather(length);
  }

  #gather(length: number): Uint8Array {
    const joined = new Uint8Array(length);
    let offset = 0;
    let used = 0;
    while (offset < length) {
      const piece = this.#pieces[used] as Uint8Array;
      const part = piece.subarray(0, length - offset);
      joined.set(part, offset);
      offset += part.length;
      if (part.length < piece.length) this.#pieces[used] = piece.subarray(part.length);
      else used++;
    }
    this.#pieces.splice(0, used);
    return joined;
  }
}
