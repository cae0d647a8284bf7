export { type CertificateFacts, readCertificateFacts } from './read-certificate-facts.ts';
export { type ListFacts, readListFacts } from './read-list-facts.ts';
export { createOcspRequest } from './create-ocsp-request.ts';
export { type OcspFacts, readOcspFacts } from './read-ocsp-facts.ts';
