declare const maskedBrand: unique symbol;

/**
 * Text in which personal data has been replaced by tokens of a vault. Only a redactor makes it, so a function that takes
 * `Masked` cannot be handed raw text without a cast that a reviewer sees.
 */
export type Masked = string & { readonly [maskedBrand]: true };
