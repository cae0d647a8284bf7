import { promptError } from '../errors.ts';

/**
 * Follows a text and throws when the canary has appeared in it, whatever stands between its characters.
 * @throws CloisterError ERR_PROMPT_CANARY
 */
export function createCanaryWatch(canary: string | undefined): (text: string) => void {
  const wanted = canary === undefined ? '' : plain(canary);
  if (wanted === '') return () => {};
  let recent = '';
  return (text) => {
    const seen = recent + plain(text);
    if (seen.includes(wanted)) throw promptError('ERR_PROMPT_CANARY');
    recent = seen.slice(1 - wanted.length);
  };
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '');
}
