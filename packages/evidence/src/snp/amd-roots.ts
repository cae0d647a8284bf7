import type { TrustRoots } from '../trust-roots.ts';

/** AMD's root keys (ARK) of the three lines: what holds for SEV-SNP unless a caller says otherwise. */
export const AMD_ROOTS: TrustRoots = Object.freeze({
  intel: Object.freeze([]),
  amd: Object.freeze([
    { line: 'Milan', sha256: '69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd' } as const,
    { line: 'Genoa', sha256: '4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1' } as const,
    { line: 'Turin', sha256: '1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a' } as const,
  ]),
  simulated: false,
});
