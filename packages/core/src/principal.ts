import type { Classification } from './classification.ts';

/** What an identity provider says about a caller, before anybody has checked it. */
export interface PrincipalClaims {
  /** Who vouches for the claims: an issuer URL or the name of an API-key directory. */
  readonly issuer: string;
  /** The organisation whose data the caller works with. */
  readonly tenant: string;
  /** The caller within that organisation. */
  readonly subject: string;
  /** Groups that appear in access-control lists. */
  readonly groups: readonly string[];
  /** The highest class the caller may see. */
  readonly clearance: Classification;
  /** Need-to-know compartments. */
  readonly compartments: readonly string[];
  /** Why the data is used, for example `treatment`. */
  readonly purpose: string;
}

declare const principalBrand: unique symbol;

/** Claims that `tenancy` has verified. Only its minter makes them: a copy or a cast fails at run time (DESIGN 6.3). */
export interface Principal extends PrincipalClaims {
  readonly [principalBrand]: true;
}

declare const tenantBrand: unique symbol;

/** The right to work with one tenant's data as one principal. Resolves only through the minter in `tenancy`. */
export interface Tenant {
  /** On whose behalf this capability acts. */
  readonly principal: Principal;
  readonly [tenantBrand]: true;
}

/** Who may see a document: its class, and the groups of which the caller must hold one. No group means nobody. */
export interface AccessLabel {
  readonly label: Classification;
  readonly acl: readonly string[];
}
