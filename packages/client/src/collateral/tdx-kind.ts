import {
  canonicalJson,
  fromUtf8,
  parseJson,
  sha256,
  type TdxCollateral,
  toHex,
  concat,
  lengthPrefixed,
} from '@cloister/core';
import {
  INTEL_ROOTS,
  parseTdxCollateral,
  readTdxPlatform,
  type TrustRoots,
  verifyTdxCollateral,
} from '@cloister/evidence/tdx';
import type { CollateralKind } from './collateral-kind.ts';
import type { ServiceAnswer, ServiceClient } from './service-client.ts';
import type { CollateralServices } from './services.ts';
import { checked, wrongCollateral } from './wrong-collateral.ts';

const SERVICE = 'intel-pcs';
const MAX_DOCUMENT = 512 * 1024;
const MAX_LIST = 2 * 1024 * 1024;

/**
 * Collateral for the platform of a quote, from Intel's PCS API version 4 or a PCCS: TCB info, QE identity, the list of the
 * PCK authority and that of the root. The four are one unit: they are verified together and kept together.
 * @throws CloisterError of `evidence` when the quote cannot be read
 */
export function createTdxKind(
  quote: Uint8Array,
  services: CollateralServices,
  roots: TrustRoots = INTEL_ROOTS,
): CollateralKind<TdxCollateral> {
  const { fmspc, authority } = readTdxPlatform(quote);
  const trust = toHex(sha256(concat(...roots.intel.map((root) => lengthPrefixed(root)))));
  return {
    key: `tdx ${services.intel} ${services.intelRootList} fmspc=${fmspc} ca=${authority} roots=${trust}`,
    fetch: async (ask) => canonicalJson(await fetchAll(ask, services, fmspc, authority)),
    open: (bytes, { now }) =>
      checked(SERVICE, async () => {
        const value = parseTdxCollateral(parseJson(bytes));
        const { issuedAt, expiresAt } = await verifyTdxCollateral(value, { quote, now, roots });
        return { value, issuedAt, validUntil: expiresAt };
      }),
  };
}

async function fetchAll(
  ask: ServiceClient,
  services: CollateralServices,
  fmspc: string,
  authority: string,
): Promise<TdxCollateral> {
  const get = (url: string, most: number): Promise<ServiceAnswer> => ask({ service: SERVICE, url, most });
  const [tcb, identity, pckList, rootList] = await Promise.all([
    get(`${services.intel}/tdx/certification/v4/tcb?fmspc=${fmspc}`, MAX_DOCUMENT),
    get(`${services.intel}/tdx/certification/v4/qe/identity`, MAX_DOCUMENT),
    get(`${services.intel}/sgx/certification/v4/pckcrl?ca=${authority}&encoding=der`, MAX_LIST),
    get(services.intelRootList, MAX_LIST),
  ]);
  const info = readDocument(tcb, 'tcbInfo');
  const enclave = readDocument(identity, 'enclaveIdentity');
  return {
    pck_crl_issuer_chain: readChain(pckList, 'sgx-pck-crl-issuer-chain'),
    root_ca_crl: readList(rootList),
    pck_crl: readList(pckList),
    tcb_info_issuer_chain: readChain(tcb, 'tcb-info-issuer-chain'),
    tcb_info: info.text,
    tcb_info_signature: info.signature,
    qe_identity_issuer_chain: readChain(identity, 'sgx-enclave-identity-issuer-chain'),
    qe_identity: enclave.text,
    qe_identity_signature: enclave.signature,
  };
}

/** The signed text is cut out exactly as it came: the signature covers those bytes, not what a parser makes of them. */
function readDocument(answer: ServiceAnswer, member: string): { readonly text: string; readonly signature: string } {
  const form = new RegExp(
    `^\\s*\\{\\s*"${member}"\\s*:\\s*(\\{.*\\})\\s*,\\s*"signature"\\s*:\\s*"([0-9a-fA-F]{128})"\\s*\\}\\s*$`,
    's',
  );
  const [, text, signature] = form.exec(decode(answer.body)) ?? [];
  if (text === undefined || signature === undefined) throw wrongCollateral(SERVICE);
  return { text, signature };
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (error) {
    throw wrongCollateral(SERVICE, error);
  }
}

/** Chains travel in a header, PEM in percent-encoding. */
function readChain({ headers }: ServiceAnswer, name: string): string {
  try {
    return decodeURIComponent(headers.get(name) ?? '');
  } catch {
    throw wrongCollateral(SERVICE);
  }
}

/** Intel answers with DER, caching services with the same in hex. */
function readList({ body }: ServiceAnswer): string {
  const isDer = body[0] === 0x30 && body[1] !== undefined && body[1] >= 0x80;
  return isDer ? toHex(body) : decode(body).trim().toLowerCase();
}
