/** A text as UTF-16 code units in an array that can be overwritten; strings cannot. Lossless, lone surrogates included. */
export function toCodeUnits(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let index = 0; index < units.length; index++) units[index] = text.charCodeAt(index);
  return units;
}

/** The text of code units. */
export function fromCodeUnits(units: Uint16Array): string {
  let text = '';
  for (let index = 0; index < units.length; index += 8192)
    text += String.fromCharCode(...units.subarray(index, index + 8192));
  return text;
}

/** Whether the array holds exactly this text. */
export function equalsCodeUnits(units: Uint16Array, text: string): boolean {
  if (units.length !== text.length) return false;
  for (let index = 0; index < units.length; index++) if (units[index] !== text.charCodeAt(index)) return false;
  return true;
}
