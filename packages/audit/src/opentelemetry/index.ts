export * from './opentelemetry-spans.ts';
