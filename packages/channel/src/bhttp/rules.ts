import type { ResponseHead, RequestHead } from './types.ts';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+\-.]*$/;
const TARGET = /^[\x21-\x7e]*$/;
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const BLANK_END = /^[\t ]|[\t ]$/;

/**
 * A field name of RFC 9110 section 5.1 in lower case. Pseudo-fields (RFC 9292 section 3.6) are none: this package has
 * no use for them.
 */
export function isFieldName(name: string): boolean {
  return NAME.test(name);
}

/** A field value of RFC 9110 section 5.5 as a byte string: no control characters, no blanks at the ends. */
export function isFieldValue(value: string): boolean {
  return !FORBIDDEN_IN_VALUE.test(value) && !BLANK_END.test(value);
}

/** Whether control data of a request can be written as an HTTP/1.1 request line too, so that nothing can be smuggled. */
export function isRequestControl(head: Omit<RequestHead, 'headers'>): boolean {
  return TOKEN.test(head.method) && SCHEME.test(head.scheme) && TARGET.test(head.authority) && TARGET.test(head.path);
}

/** Status of an informational response (RFC 9292 section 3.5.1). */
export function isInformational(head: Pick<ResponseHead, 'status'>): boolean {
  return head.status >= 100 && head.status <= 199;
}

/** Status of a final response: 200 to 599. */
export function isFinalStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}
