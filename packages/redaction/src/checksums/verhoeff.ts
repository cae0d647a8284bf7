const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Whether digits carry a correct Verhoeff check digit at their end (dihedral group of order ten). */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  Array.from(digits)
    .toReversed()
    .forEach((digit, position) => {
      let value = Number(digit);
      for (let round = 0; round < position % 8; round++) value = PERMUTATION[value] ?? 0;
      check = multiply(check, value);
    });
  return check === 0;
}

/** The product in the dihedral group: 0 to 4 are rotations, 5 to 9 reflections. */
function multiply(left: number, right: number): number {
  const [reflected, turned] = [left >= 5, right >= 5];
  const turn = reflected ? (left - (right % 5) + 5) % 5 : ((left % 5) + (right % 5)) % 5;
  return turn + (reflected === turned ? 0 : 5);
}
