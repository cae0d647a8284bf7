export {
  startQdrantStandIn,
  type QdrantRequest,
  type QdrantStandIn,
  type QdrantStandInOptions,
} from './start-qdrant-stand-in.ts';
