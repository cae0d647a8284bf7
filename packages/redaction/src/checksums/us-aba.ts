/** Whether nine digits are an ABA routing number: a Federal Reserve prefix, and weights 3, 7, 1 with a sum divisible by ten. */
export function isUsAba(digits: string): boolean {
  if (!/^\d{9}$/.test(digits)) return false;
  const prefix = Number(digits.slice(0, 2));
  if (!(prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80))
    return false;
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += (digits.charCodeAt(index) - 48) * ([3, 7, 1][index % 3] ?? 0);
  return sum % 10 === 0;
}
