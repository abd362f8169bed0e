/** Its releases without an install script have no types of their own. */
declare module 'onnxruntime-node' {
  export * from 'onnxruntime-common';
}
