import { createErrors } from '@cloister/core';
import type { CloisterError, ErrorOccurrence } from '@cloister/core';

/** What `tenancy` refuses or reports. */
export type TenancyErrorCode =
  | 'ERR_TENANCY_UNAUTHENTICATED'
  | 'ERR_TENANCY_DIRECTORY'
  | 'ERR_TENANCY_DIRECTORY_SIGNATURE'
  | 'ERR_TENANCY_ISSUER'
  | 'ERR_TENANCY_KEY_SET'
  | 'ERR_TENANCY_CLAIMS'
  | 'ERR_TENANCY_NOT_A_PRINCIPAL'
  | 'ERR_TENANCY_NOT_A_TENANT'
  | 'ERR_TENANCY_DERIVATION'
  | 'ERR_TENANCY_KEK'
  | 'ERR_TENANCY_NOT_A_KEY'
  | 'ERR_TENANCY_WRONG_KEK'
  | 'ERR_TENANCY_KEY_STORE'
  | 'ERR_TENANCY_TAMPERED'
  | 'ERR_TENANCY_LEDGER'
  | 'ERR_TENANCY_LEDGER_FORKED'
  | 'ERR_TENANCY_KEY_DESTROYED'
  | 'ERR_TENANCY_KEY_ACTIVE'
  | 'ERR_TENANCY_SHREDDED'
  | 'ERR_TENANCY_RECEIPT'
  | 'ERR_TENANCY_CLOSED';

/** Makes an error of this package; the texts never name a tenant, a subject or a key. */
export const tenancyError: (code: TenancyErrorCode, occurrence?: ErrorOccurrence) => CloisterError<TenancyErrorCode> =
  createErrors<TenancyErrorCode>({
    ERR_TENANCY_UNAUTHENTICATED: {
      message: 'The credentials are not valid here.',
      fix: 'Use an API key that this directory holds, or a token that this issuer made for this audience, before it expires.',
    },
    ERR_TENANCY_DIRECTORY: {
      message: 'The API-key directory is not valid.',
      fix: 'Compare the records with ApiKeyRecord; `detail.record` is the position of the first that does not fit.',
    },
    ERR_TENANCY_DIRECTORY_SIGNATURE: {
      message: 'The list of API keys is not signed by the owner that it should be signed by, or no longer counts.',
      fix: 'Sign the list afresh with the key of the configured owner.',
    },
    ERR_TENANCY_ISSUER: {
      message: 'The issuer of tokens is not valid.',
      fix: 'Compare the option named by the subject with JwtIssuerOptions, and pass on what createJwtIssuer returned.',
    },
    ERR_TENANCY_KEY_SET: {
      message: "The issuer's key set cannot be fetched or read.",
      fix: 'Check the URL of the key set and that this machine reaches it; the next try is after the cool-down.',
      retryable: true,
    },
    ERR_TENANCY_CLAIMS: {
      message: 'The claims about a caller are not valid.',
      fix: 'Pass the members of PrincipalClaims: short printable names, a known class, no others.',
    },
    ERR_TENANCY_NOT_A_PRINCIPAL: {
      message: 'This object is not a verified principal.',
      fix: 'Pass on the very object that verifyPrincipal returned; a copy or a cast of it has no rights.',
    },
    ERR_TENANCY_NOT_A_TENANT: {
      message: 'This object is not a tenant capability.',
      fix: 'Pass on the very object that tenancy.tenant() returned; a copy or a cast of it has no rights.',
    },
    ERR_TENANCY_DERIVATION: {
      message: 'A subkey was asked for with a purpose, collection or epoch that does not exist.',
      fix: 'Use a purpose of KEY_PURPOSES, a collection of at most 256 bytes and an epoch below 2^32.',
    },
    ERR_TENANCY_KEK: {
      message: 'The passphrase or key cannot serve as key-encryption key.',
      fix: 'Pass a passphrase of at least 8 characters, or 32 random bytes.',
    },
    ERR_TENANCY_NOT_A_KEY: {
      message: 'Only 32-byte keys can be wrapped, and nothing can be stored that is zeros alone.',
      fix: 'Wrap keys, and seal data with a subkey.',
    },
    ERR_TENANCY_WRONG_KEK: {
      message: 'The passphrase or key does not open this key directory.',
      fix: 'Use the passphrase or key that the directory was created with; if it is the right one, the file was altered.',
    },
    ERR_TENANCY_KEY_STORE: {
      message: 'The key directory cannot be read or written.',
      fix: 'Check that the directory belongs to this user, is of mode 0700 and has free space.',
    },
    ERR_TENANCY_TAMPERED: {
      message: 'A stored key does not open: it was altered or moved.',
      fix: 'Restore the key directory from a backup; data under a lost key cannot be read again.',
    },
    ERR_TENANCY_LEDGER: {
      message: 'The ledger cannot be opened, read or written.',
      fix: 'Check that the ledger file belongs to this user, has free space and is not another kind of file.',
    },
    ERR_TENANCY_LEDGER_FORKED: {
      message: 'The ledger went back to an older state, or its entries do not give its root.',
      fix: 'Find out who restored or changed the ledger; restore ledger and store together, or ingest again into new ones.',
    },
    ERR_TENANCY_KEY_DESTROYED: {
      message: 'This key, or this version of the data key, was destroyed.',
      fix: 'What it sealed cannot be opened again; ingest the documents anew if records of it are left.',
    },
    ERR_TENANCY_KEY_ACTIVE: {
      message: 'Only a version that no longer seals can be destroyed.',
      fix: 'Rotate first, run the rotation of every collection to its end, then destroy the older version.',
    },
    ERR_TENANCY_SHREDDED: {
      message: "This tenant's keys were destroyed for good.",
      fix: 'Nothing of its data can be opened again; give a returning organisation another tenant name.',
    },
    ERR_TENANCY_RECEIPT: {
      message: 'The receipt of a shredding is malformed or not signed with this key.',
      fix: 'Pass the receipt as it was given out and the public key of the log that signed it.',
    },
    ERR_TENANCY_CLOSED: {
      message: 'The tenancy is closed and its keys are gone from memory.',
      fix: 'Create a new tenancy and ask it for the tenant again.',
    },
  });
