import { fromHex, type TdxCollateral, utf8 } from '@cloister/core';
import type { Answer } from './service-fault.ts';

/** Intel's PCS API version 4 over the collateral of a simulated TEE: `undefined` for what it does not know. */
export function answerAsIntel(url: URL, collateral: TdxCollateral): Answer | undefined {
  const chained = (header: string, chain: string, body: Uint8Array): Answer => ({
    headers: { [header]: encodeURIComponent(chain) },
    body,
  });
  const { fmspc } = JSON.parse(collateral.tcb_info) as { readonly fmspc: string };
  switch (url.pathname) {
    case '/tdx/certification/v4/tcb': {
      if (url.searchParams.get('fmspc')?.toLowerCase() !== fmspc.toLowerCase()) return undefined;
      const text = `{"tcbInfo":${collateral.tcb_info},"signature":"${collateral.tcb_info_signature}"}`;
      return chained('TCB-Info-Issuer-Chain', collateral.tcb_info_issuer_chain, utf8(text));
    }
    case '/tdx/certification/v4/qe/identity': {
      const text = `{"enclaveIdentity":${collateral.qe_identity},"signature":"${collateral.qe_identity_signature}"}`;
      return chained('SGX-Enclave-Identity-Issuer-Chain', collateral.qe_identity_issuer_chain, utf8(text));
    }
    case '/sgx/certification/v4/pckcrl':
      return url.searchParams.get('ca') === 'platform'
        ? chained('SGX-PCK-CRL-Issuer-Chain', collateral.pck_crl_issuer_chain, fromHex(collateral.pck_crl))
        : undefined;
    case '/IntelSGXRootCA.der':
      return { body: fromHex(collateral.root_ca_crl) };
    // A caching service has hex where Intel has bytes.
    case '/sgx/certification/v4/rootcacrl':
      return { body: utf8(collateral.root_ca_crl) };
    default:
      return undefined;
  }
}
