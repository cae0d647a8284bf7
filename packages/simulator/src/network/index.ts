export * from './hostile-relay.ts';
export * from './tcp-tap.ts';
