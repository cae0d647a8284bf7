import type { Embedder, KeyBroker, Ledger, Principal, PrincipalClaims, Tenant, VectorStore } from '@cloister/core';
import type { Retriever, SearchOptions } from '@cloister/retriever';
import type { Tenancy } from '@cloister/tenancy';
import type * as retrieverModule from '@cloister/retriever';
import type * as retrieverSqlite from '@cloister/retriever/sqlite';
import type * as retrieverQdrant from '@cloister/retriever/qdrant';
import type * as retrieverOnnx from '@cloister/retriever/onnx';
import type * as retrieverOpenai from '@cloister/retriever/openai';
import type * as retrieverTransformers from '@cloister/retriever/transformers';
import type * as retrieverDocuments from '@cloister/retriever/documents';
import type * as runtime from '@cloister/runtime';
import type * as session from '@cloister/session';
import type * as prompt from '@cloister/prompt';
import type * as tenancy from '@cloister/tenancy';
import type * as tenancyUnsafe from '@cloister/tenancy/unsafe';

// Type tests: no public call takes a tenant id or a raw filter where a capability is meant (DESIGN 6.3). They look at every
// export of the packages that read or write tenants' data, at what it takes, and at what the objects that it gives take.

/** Names under which a tenant or a filter of a store is given. */
type Forbidden = 'tenant' | 'tenantId' | 'tenants' | 'issuer' | 'partition' | 'filter' | 'where' | 'must' | 'should';
/** Capabilities, and what an application implements below the sealing: a store hears blind tags alone. */
type Opaque =
  | Tenant
  | Principal
  | Embedder
  | KeyBroker
  | Ledger
  | VectorStore
  | ArrayBufferView
  | Date
  | RegExp
  | AbortSignal;
type Call = (...taken: never[]) => unknown;

type Shallower = [never, 0, 1, 2, 3, 4];
/** Forbidden names anywhere in a value that a call takes. Functions in it are called, not given. */
type NamesIn<Value, Depth extends number = 4> = Depth extends 0
  ? never
  : Value extends Opaque | Call
    ? never
    : Value extends readonly (infer Element)[]
      ? NamesIn<Element, Shallower[Depth]>
      : Value extends object
        ? { [Name in keyof Value]-?: NameOf<Name, NonNullable<Value[Name]>, Depth> }[keyof Value]
        : never;
type NameOf<Name, Value, Depth extends number> =
  | (Name extends Forbidden ? (Value extends Opaque ? never : Name) : never)
  | NamesIn<Value, Shallower[Depth]>;

type Taken<Function> = Function extends (...taken: infer Parameters) => unknown ? NamesIn<Parameters[number]> : never;
type Given<Function> = Function extends (...taken: never[]) => infer Result ? Awaited<Result> : never;
type TakenBy<Value> = Value extends Opaque | readonly unknown[]
  ? never
  : Value extends object
    ? { [Name in keyof Value]-?: Taken<Value[Name]> }[keyof Value]
    : never;
/** The exports of a module that take a forbidden name, or give something with a method that does. */
type Offenders<Module> = {
  [Name in keyof Module]: [Taken<Module[Name]> | TakenBy<Given<Module[Name]>>] extends [never] ? never : Name;
}[keyof Module];

type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;
const holds = <_Claim extends true>(): void => {};

holds<Same<Offenders<typeof retrieverModule>, never>>();
holds<Same<Offenders<typeof retrieverSqlite>, never>>();
holds<Same<Offenders<typeof retrieverQdrant>, never>>();
holds<Same<Offenders<typeof retrieverOnnx>, never>>();
holds<Same<Offenders<typeof retrieverOpenai>, never>>();
holds<Same<Offenders<typeof retrieverTransformers>, never>>();
holds<Same<Offenders<typeof retrieverDocuments>, never>>();
holds<Same<Offenders<typeof runtime>, never>>();
holds<Same<Offenders<typeof session>, never>>();
holds<Same<Offenders<typeof prompt>, never>>();
// What makes a principal of what a caller shows names tenants and issuers: nothing of it reads or writes data.
type Vouching = 'createApiKeyDirectory' | 'createJwtIssuer' | 'signApiKeys' | 'verifyPrincipal';
holds<Same<Offenders<typeof tenancy>, Vouching>>();
// The one way around says so in its import path.
holds<Same<Offenders<typeof tenancyUnsafe>, 'assertPrincipal'>>();

/** Methods that want anything but a capability first. */
type WithoutCapability<Value> = {
  [Name in keyof Value]: Value[Name] extends (first: infer First, ...rest: never[]) => unknown
    ? First extends Tenant | Principal
      ? never
      : Name
    : never;
}[keyof Value];
holds<Same<WithoutCapability<Retriever>, 'close'>>();
holds<Same<WithoutCapability<Tenancy>, 'close'>>();

// The controls: calls that would be flagged.
interface Leaky {
  byId(tenantId: string): void;
  search(question: string): void;
}
holds<Same<WithoutCapability<Leaky>, 'byId' | 'search'>>();
declare const leaky: {
  direct(options: { readonly tenant: string }): void;
  deep(options: { readonly a?: readonly { readonly b: { readonly filter?: { readonly must: string } } }[] }): void;
  later(): Promise<{ search?(query: { readonly where: string }): void }>;
  fine(options: { readonly tenant: Tenant; readonly store: VectorStore }): { search(tenant: Tenant): void };
};
holds<Same<Offenders<typeof leaky>, 'direct' | 'deep' | 'later'>>();

declare const retriever: Retriever;
declare const tenant: Tenant;
declare const claims: PrincipalClaims;
void retriever.search(tenant, 'a question', { within: { labels: ['public'] } });
// @ts-expect-error -- the name of a tenant
void retriever.search('st-mary', 'a question');
// @ts-expect-error -- claims that nobody has checked
void retriever.search({ principal: claims }, 'a question');
// @ts-expect-error -- a principal is no capability yet
void retriever.search(tenant.principal, 'a question');
// @ts-expect-error -- a filter
void retriever.search(tenant, 'a question', { filter: { tenant: 'st-mary' } });
// @ts-expect-error -- a narrowing that names groups
export const narrowing: SearchOptions = { within: { groups: ['oncology'] } };
