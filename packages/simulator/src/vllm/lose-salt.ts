import type { VllmFault } from './options.ts';

const SALT = /"cache_salt":\s*("(?:[^"\\]|\\.)*"|[^,}\s]+)/;

/** What a proxy in front of the engine makes of a request's text when it shows a `salt` fault. */
export function loseSalt(text: string, fault: VllmFault | undefined): string {
  if (fault?.kind !== 'salt') return text;
  switch (fault.how) {
    case 'dropped':
      return text.replace(SALT, '"removed":null');
    case 'misspelt':
      return text.replace(SALT, '"cacheSalt":$1');
    case 'constant':
      return text.replace(SALT, (member, value: string) =>
        value.startsWith('"') ? '"cache_salt":"the-same-for-all"' : member,
      );
    default:
      return text;
  }
}
