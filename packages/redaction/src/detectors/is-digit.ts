/** Whether a code unit is a digit of ASCII, as all digits of a folded text are. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
