export {
  startQdrantStandIn,
  type QdrantAnswer,
  type QdrantRequest,
  type QdrantStandIn,
  type QdrantStandInOptions,
} from './start-qdrant-stand-in.ts';
