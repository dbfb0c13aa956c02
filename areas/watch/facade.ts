/** Door 2 of the watch: what other areas may call on the server. */
export { facts as signalFacts } from './signals/store/reading.ts'
