/** Whether ten digits are an NHS number of England, Wales and the Isle of Man: modulus 11 with weights 10 to 2, check digit 10 never issued. */
export function isNhsNumber(digits: string): boolean {
  if (!/^\d{10}$/.test(digits) || /^(\d)\1{9}$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += (digits.charCodeAt(index) - 48) * (10 - index);
  return (11 - (sum % 11)) % 11 === digits.charCodeAt(9) - 48;
}
