// The store of `rescind contain --direct`, without its file: what the tests decide on is what runs.
export {
  type AroundStore,
  createMemoryCaseStore,
  type MemoryCaseStore,
  noRows,
  type StoreCall,
} from '../../cli/direct/memory-case-store.ts';
