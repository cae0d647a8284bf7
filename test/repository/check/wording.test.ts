import { expect, test } from 'vitest';
import { findWording } from './wording.ts';

test('notices paths of one machine and what lies outside the repository', () => {
  const text = "const a = 'x';\nread('/home/somebody/file');\nimport '../../shared/vectors';\n";
  expect(findWording('packages/a/src/b.ts', text)).toEqual([
    'packages/a/src/b.ts:2: names a path of one machine',
    'packages/a/src/b.ts:3: names a folder outside the repository',
  ]);
  expect(findWording('.ci/run', text)).toEqual([]);
  expect(findWording('packages/a/src/b.ts', 'https://example.com/work/paths, a/root/b')).toEqual([]);
});
