import { sha384, toBase64, toHex, utf8 } from '@cloister/core';
import type { GpuPki } from './create-gpu-pki.ts';
import { GPU_VERSIONS, MEASUREMENTS, simulatedMeasurement } from './create-gpu-report.ts';
import type { GpuFault } from './gpu-faults.ts';
import { createP384Key } from './p384-key.ts';

const SCHEMA = 'http://standards.iso.org/iso/19770/-2/2015/schema.xsd';
const DIGESTS = 'http://www.w3.org/2001/04/xmlenc#sha384';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const CANONICAL = 'http://www.w3.org/2006/12/xml-c14n11';

/** What a manifest is made of. */
interface ManifestMaterial {
  readonly kind: 'driver' | 'vbios';
  readonly chip: string;
  readonly pki: Pick<GpuPki, 'manifestChain'>;
  readonly faults: ReadonlySet<GpuFault>;
}

/** The driver claims low indexes, the VBIOS high ones; of both only the odd ones are in use. */
function isClaimed(kind: ManifestMaterial['kind'], index: number, faults: ReadonlySet<GpuFault>): boolean {
  const isConflict = faults.has('manifest-index-conflict') && index === 1;
  return index % 2 === 1 && (isConflict || (kind === 'driver') === index < MEASUREMENTS / 2);
}

// All of it is written in its canonical form: attributes in order, no empty-element tags.

function createResource({ kind, faults }: ManifestMaterial, index: number): string {
  const isOther = faults.has('manifest-measurement-other') && index === 5;
  const value = isOther ? sha384(utf8('changed')) : simulatedMeasurement(index);
  const claim = `active="${isClaimed(kind, index, faults) ? 'True' : 'False'}" alternatives="1" index="${index - 1}"`;
  const name = `name="Measurement_${index - 1}" size="48" type="Measurement" ns2:Hash0="${toHex(value)}"`;
  return `<Resource ${claim} ${name}></Resource>`;
}

function createBody(material: ManifestMaterial): { start: string; content: string } {
  const { kind, chip, faults } = material;
  const version = faults.has('manifest-version-other') ? '00.00.00.00.00' : GPU_VERSIONS[kind];
  const resources = Array.from({ length: MEASUREMENTS }, (_, offset) => createResource(material, offset + 1));
  return {
    start: `<SoftwareIdentity xmlns="${SCHEMA}" xmlns:ns2="${DIGESTS}" name="${chip}" tagId="simulated" version="1.0">`,
    content: `\n<Meta colloquialVersion="${version}" product="${chip}"></Meta>\n<Payload>${resources.join('\n')}</Payload>\n`,
  };
}

function createSignedInfo(digest: Uint8Array, faults: ReadonlySet<GpuFault>): string {
  const element = (name: string, algorithm: string): string => `<ds:${name} Algorithm="${algorithm}"></ds:${name}>`;
  const transforms = element('Transform', `${DSIG}enveloped-signature`) + element('Transform', CANONICAL);
  const reference =
    `<ds:Reference URI=""><ds:Transforms>${transforms}</ds:Transforms>${element('DigestMethod', `${MORE}sha384`)}` +
    `<ds:DigestValue>${toBase64(digest)}</ds:DigestValue></ds:Reference>`;
  const references = faults.has('manifest-two-references') ? reference + reference : reference;
  const methods = element('CanonicalizationMethod', CANONICAL) + element('SignatureMethod', `${MORE}ecdsa-sha384`);
  return `${methods}${references}</ds:SignedInfo>`;
}

function createSignature(digest: Uint8Array, { pki, faults }: ManifestMaterial): string {
  const [signer] = pki.manifestChain;
  const key = faults.has('manifest-signature-foreign') ? createP384Key() : signer?.key;
  if (key === undefined) throw new TypeError('manifests have a signer');
  const info = createSignedInfo(digest, faults);
  // Canonical XML writes the namespaces above an element on it when it stands alone.
  const alone = `<ds:SignedInfo xmlns="${SCHEMA}" xmlns:ds="${DSIG}" xmlns:ns2="${DIGESTS}">${info}`;
  const value = toBase64(key.sign(utf8(alone), 'ieee-p1363'));
  const certificates = pki.manifestChain.map(
    ({ raw }) => `<ds:X509Certificate>${(toBase64(raw).match(/.{1,64}/g) ?? []).join('\n')}</ds:X509Certificate>`,
  );
  const keyInfo = `<ds:KeyInfo><ds:X509Data>${certificates.join('')}</ds:X509Data></ds:KeyInfo>`;
  const parts = `<ds:SignedInfo>${info}<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}`;
  return `<ds:Signature xmlns:ds="${DSIG}">${parts}</ds:Signature>`;
}

/** A reference integrity manifest as NVIDIA publishes them: XML with an enveloped signature over the whole of it. */
export function createManifest(material: ManifestMaterial): Uint8Array {
  const { start, content } = createBody(material);
  const end = '</SoftwareIdentity>';
  const signature = createSignature(sha384(utf8(start + content + end)), material);
  const isChanged = material.faults.has('manifest-text-other');
  const served = isChanged ? content.replace('active="True"', 'active="False"') : content;
  const prologue = material.faults.has('manifest-document-type') ? '<!DOCTYPE SoftwareIdentity>' : '';
  return utf8(prologue + start + served + signature + end);
}
