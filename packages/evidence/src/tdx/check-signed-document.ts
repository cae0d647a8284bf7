import { fromHex, toHex, utf8 } from '@cloister/core';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { checkIssuerChain } from './check-issuer-chain.ts';
import type { TdxContext } from './tdx-context.ts';

const SIGNER_NAME = 'Intel SGX TCB Signing';

/** A signed JSON document of Intel's, as it travels. */
export interface SignedDocument<Value> {
  readonly name: 'tcb-info' | 'qe-identity';
  /** The text exactly as served: the signature covers these bytes. */
  readonly text: string;
  /** r || s, hex. */
  readonly signature: string;
  /** Signer and root, PEM. */
  readonly chain: string;
  readonly parse: (text: string) => Value;
}

/**
 * Checks chain, signature, form and validity of a document, in this order: nothing unsigned is parsed further than hex.
 * @returns the document if all hold, and its signer whenever that could be established
 */
export async function checkSignedDocument<Value extends { readonly issueDate: number; readonly nextUpdate: number }>(
  context: TdxContext,
  document: SignedDocument<Value>,
  root: Certificate,
): Promise<{ value: Value | undefined; signer: Certificate | undefined }> {
  const { list, now, expiries, cache } = context;
  const { name, text } = document;
  const signer = await checkIssuerChain(context, `${name}.chain`, document.chain, { root, leaf: 'end-entity' });
  if (signer === undefined) return { value: undefined, signer };
  const isSigner = signer.subject.commonName === SIGNER_NAME;
  if (!list.require(`${name}.chain`, isSigner, 'ERR_EVIDENCE_CHAIN_INVALID')) return { value: undefined, signer };
  const isSigned = await cache.remember(text, document.signature + toHex(signer.publicKey), () =>
    verifyEcdsa(signer.publicKey, utf8(text), fromHex(document.signature)),
  );
  if (!list.require(`${name}.signature`, isSigned, 'ERR_EVIDENCE_COLLATERAL_SIGNATURE'))
    return { value: undefined, signer };
  const value = list.attempt(`${name}.format`, 'ERR_EVIDENCE_COLLATERAL_MALFORMED', () =>
    cache.remember(text, name, () => document.parse(text)),
  );
  if (value === undefined) return { value, signer };
  expiries.push(value.nextUpdate);
  const isCurrent = value.issueDate <= now && now <= value.nextUpdate;
  return {
    value: list.require(`${name}.validity`, isCurrent, 'ERR_EVIDENCE_COLLATERAL_EXPIRED') ? value : undefined,
    signer,
  };
}
