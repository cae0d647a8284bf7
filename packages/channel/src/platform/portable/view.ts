/** WebCrypto's types ask for a plain ArrayBuffer behind a view; a view of shared memory would be refused at run time. */
export const view = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;
