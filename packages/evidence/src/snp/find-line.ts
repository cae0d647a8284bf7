import type { AmdLine } from '../trust-roots.ts';
import type { SnpReport } from './report-types.ts';

/** Families and ranges of models of each line (AMD processor programming references); 19h A0h to AFh is Bergamo and Siena. */
const MODELS: readonly (readonly [AmdLine, number, number, number])[] = [
  ['Milan', 0x19, 0x00, 0x0f],
  ['Genoa', 0x19, 0x10, 0x1f],
  ['Genoa', 0x19, 0xa0, 0xaf],
  ['Turin', 0x1a, 0x00, 0x11],
];

/** The line of a processor by its family and model; `undefined` when unknown. */
export function findLine({ family, model }: NonNullable<SnpReport['cpuid']>): AmdLine | undefined {
  return MODELS.find(([, ofFamily, first, last]) => family === ofFamily && model >= first && model <= last)?.[0];
}

const PRODUCTS: Readonly<Record<AmdLine, readonly string[]>> = {
  Milan: ['Milan'],
  Genoa: ['Genoa', 'Bergamo', 'Siena'],
  Turin: ['Turin'],
};

/** Whether a certificate's product name, such as `Milan-B0`, is one of the line's. */
export function isProductOf(line: AmdLine, product: string): boolean {
  return PRODUCTS[line].some((name) => product === name || product.startsWith(`${name}-`));
}
